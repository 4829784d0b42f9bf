"""Lists of stories: by section, town, contributor, tag."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from taggit.models import Tag

from bylines.models import Contributor
from paper.models import Section, Town
from paper.querysets import towns_in_order
from press.models import Story, StoryContributor, StoryTag, StoryTown

from ..filters import StoryFilter
from ..paging import KeyPage, page_of
from ..shell import render_page, surroundings

#: As many writers of a town are named; a town that has more has them on its stories.
WRITERS = 60


@require_safe
def section(request: HttpRequest, slug: str) -> HttpResponse:
    """The stories of a section, newest first."""
    found = get_object_or_404(Section, slug=slug)
    stories = Story.objects.filter(section=found)
    context = {"title": found.shown_name, "current_section": found, "search_in": f"section={slug}"}
    return story_list(request, stories, context, without={"section"})


@require_safe
def town(request: HttpRequest, slug: str) -> HttpResponse:
    """The stories of a town, newest first, and who writes there."""
    found = get_object_or_404(Town, slug=slug)
    rows = StoryTown.objects.filter(town=found)
    signed = StoryContributor.objects.visible().filter(contributor=OuterRef("pk"))
    writers = Contributor.objects.public().filter(Exists(signed), town=found).order_by("name", "id")
    context = {
        "title": found.name,
        "label": _("Town"),
        "writers": writers[:WRITERS],
        "search_in": f"town={slug}",
    }
    return story_list(request, rows, context, without={"town"})


@require_safe
def contributor(request: HttpRequest, pk: int) -> HttpResponse:
    """The stories that a contributor signs, newest first; unknown until one is out."""
    found = get_object_or_404(Contributor.objects.public(), pk=pk)
    rows = StoryContributor.objects.filter(contributor=found).once()
    # The town has a line of its own.
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
    """The stories of a tag, newest first; unknown until one is out."""
    found = get_object_or_404(Tag, name=name)
    rows = StoryTag.objects.filter(tag=found)
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
    """Return a filtered page of stories; `without` leaves out the filters that the page is.

    `rows` are stories, or the rows that file them. Raises Http404 where the list must not be empty
    and nothing of it is out: who writes and which tags the desk uses is nobody's business until
    then.
    """
    of = "" if rows.model is Story else "story__"
    choices = _choices(surroundings(request)["sections"], without)
    shown = rows.for_lists()  # type: ignore[attr-defined]
    form = StoryFilter(request.GET, queryset=shown, of=of, without=without, **choices)
    page: KeyPage[Any] = page_of(
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
