"""Story lists by section, town, contributor and tag."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bylines.models import Contributor
from paper.models import Section, Town
from paper.querysets import towns_in_order
from press.merged_contributors import family, public_contributors
from press.models import Story, StoryContributor, StoryTown
from press.tags import filed_under

from ..base_context import (
    aliases_of,
    merged_of,
    permanent_redirect,
    render_page,
    surroundings,
    tag_of,
)
from ..filters import StoryFilter
from ..keyset_pagination import KeysetPage, page_of
from ..url_helpers import tag_address

#: Maximum number of contributors named for a town; others are found through their stories.
WRITERS = 60


@require_safe
def section(request: HttpRequest, slug: str) -> HttpResponse:
    """List the stories of a section, newest first."""
    found = get_object_or_404(Section, slug=slug)
    stories = Story.objects.filter(section=found)
    context = {"title": found.shown_name, "current_section": found, "search_in": f"section={slug}"}
    return story_list(request, stories, context, without={"section"})


@require_safe
def town(request: HttpRequest, slug: str) -> HttpResponse:
    """List the stories of a town, newest first, and its contributors."""
    found = get_object_or_404(Town, slug=slug)
    rows = StoryTown.objects.filter(town=found)
    writers = public_contributors().filter(town=found).order_by("sort_key", "id")
    context = {
        "title": found.name,
        "label": _("Town"),
        "writers": writers[:WRITERS],
        "search_in": f"town={slug}",
    }
    return story_list(request, rows, context, without={"town"})


@require_safe
def contributor(request: HttpRequest, pk: int) -> HttpResponse:
    """List the stories of a contributor, newest first; 404 until one is visible.

    A merged contributor redirects to the one it was merged into.
    """
    merged = merged_of(request)
    if pk in merged:
        return permanent_redirect(request, reverse("reader:contributor", args=[merged[pk]]))
    found = get_object_or_404(Contributor.objects.public(), pk=pk)
    rows = StoryContributor.objects.by_one(family(pk, merged))
    # The town is shown on a separate line.
    place = "" if found.town and found.place == found.town.name else found.place
    label = f"{found.get_kind_display()} {place}".strip()
    context = {
        "title": found.name,
        "label": label,
        "home": found.town,
        "search_in": f"contributor={pk}",
    }
    return story_list(request, rows, context, may_be_empty=False)


@require_safe
def tag(request: HttpRequest, name: str) -> HttpResponse:
    """List the stories of a tag, newest first; 404 until one is visible.

    A former name redirects to the current one.
    """
    found, now = tag_of(request, name)
    if now:
        return permanent_redirect(request, tag_address(now))
    rows = filed_under(aliases_of(request).family(found.pk))
    context = {"title": found.name, "label": _("Tag")}
    return story_list(request, rows, context, may_be_empty=False)


def story_list(
    request: HttpRequest,
    rows: QuerySet[Any],
    context: dict[str, Any],
    *,
    template: str = "reader/list.html",
    without: Collection[str] = (),
    may_be_empty: bool = True,
) -> HttpResponse:
    """Return a filtered list page of stories; `without` names filters to leave out.

    `rows` are stories, or the rows that list them. Raises Http404 if the list must not be empty and
    none of it is visible: contributors and tags are not public before their first story.
    """
    of = "" if rows.model is Story else "story__"
    choices = _choices(surroundings(request)["sections"], without)
    shown = rows.for_lists()  # type: ignore[attr-defined]
    form = StoryFilter(request.GET, queryset=shown, of=of, without=without, **choices)
    page: KeysetPage[Any] = page_of(
        form.qs if form.is_valid() else rows.none(),
        before=request.GET.get("before", ""),
        after=request.GET.get("after", ""),
        pk=f"{of.rstrip('_')}_id" if of else "id",
    )
    visible = rows.visible()  # type: ignore[attr-defined]
    if not (page.rows or may_be_empty or visible.exists()):
        raise Http404
    context |= {
        "page": replace(page, rows=[row.story for row in page.rows]) if of else page,
        "filter_form": form.form,
        "chosen": {k: v for k, v in request.GET.items() if k in form.filters and v},
    }
    return render_page(request, template, context)


def _choices(sections: list[Section], without: Collection[str]) -> dict[str, list[tuple[str, str]]]:
    towns = [] if "town" in without else list(towns_in_order())
    return {
        "sections": [(s.slug, s.shown_name) for s in sections],
        "towns": [(t.slug, t.name) for t in towns],
    }
