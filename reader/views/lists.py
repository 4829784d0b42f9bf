"""Lists of stories: by section, town, contributor, tag."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from taggit.models import Tag

from bylines.models import Contributor
from paper.models import Section, Town
from paper.querysets import sections_in_use, towns_in_order
from press.models import Story
from press.querysets import StoryQuerySet

from ..filters import StoryFilter
from ..paging import page_of
from ..shell import render_page


@require_safe
def section(request: HttpRequest, slug: str) -> HttpResponse:
    """The stories of a section, newest first."""
    found = get_object_or_404(Section, slug=slug)
    stories = Story.objects.filter(section=found)
    return _list(request, stories, found.name, current=found, without="section")


@require_safe
def town(request: HttpRequest, slug: str) -> HttpResponse:
    """The stories of a town, newest first."""
    found = get_object_or_404(Town, slug=slug)
    stories = Story.objects.filter(towns=found)
    return _list(request, stories, found.name, label=_("Town"), without="town")


@require_safe
def contributor(request: HttpRequest, pk: int) -> HttpResponse:
    """The stories that a contributor signs, newest first; unknown until one is out."""
    found = get_object_or_404(Contributor.objects.public(), pk=pk)
    stories = Story.objects.signed_by(found)
    label = " ".join([found.get_kind_display(), found.place]).strip()
    return _list(request, stories, found.name, label=label, without="town", may_be_empty=False)


@require_safe
def tag(request: HttpRequest, name: str) -> HttpResponse:
    """The stories of a tag, newest first; unknown until one is out."""
    found = get_object_or_404(Tag, name=name)
    stories = Story.objects.filter(tags=found)
    return _list(request, stories, found.name, label=_("Tag"), may_be_empty=False)


def _list(
    request: HttpRequest,
    stories: StoryQuerySet,
    title: str,
    *,
    current: Section | None = None,
    label: str = "",
    without: str = "",
    may_be_empty: bool = True,
) -> HttpResponse:
    """Return a filtered page of `stories`; `without` leaves out the filter that the page is.

    Raises Http404 where the list must not be empty and nothing of it is out: who writes and which
    tags the desk uses is nobody's business until then.
    """
    sections = list(sections_in_use())
    choices = _choices(sections, without)
    form = StoryFilter(request.GET, queryset=stories.visible().for_lists(), **choices)
    page = page_of(
        form.qs if form.is_valid() else stories.none(),
        before=request.GET.get("before", ""),
        after=request.GET.get("after", ""),
    )
    if not (page.rows or may_be_empty or stories.visible().exists()):
        raise Http404
    chosen = {k: v for k, v in request.GET.items() if k in form.filters and v}
    context: dict[str, Any] = {
        "sections": sections,
        "title": title,
        "label": label,
        "current_section": current,
        "page": page,
        "filter_form": form.form,
        "chosen": chosen,
    }
    return render_page(request, "reader/list.html", context)


def _choices(sections: list[Section], without: str) -> dict[str, list[tuple[str, str]]]:
    sections = [] if without == "section" else sections
    towns = [] if without == "town" else list(towns_in_order())
    return {
        "sections": [(s.slug, s.name) for s in sections],
        "towns": [(t.slug, t.name) for t in towns],
    }
