"""One issue, one page of it, and the picture of that page."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from photos import serving
from press.models import Edition, EditionPage, Story
from press.page_images import shown_of
from press.sheet import sheet

from ..paper_pages import PageView, attach, views_of
from ..shell import render_page

Key = tuple[dt.date, int]


@require_safe
def issue(request: HttpRequest, key: Key) -> HttpResponse:
    """One issue: its pages small, each with the headlines that stand on it."""
    context = _issue(key)
    pages = context.pop("all_pages")
    stories = Story.objects.visible().filter(Q(page__in=pages) | Q(continued_on__in=pages))
    found = attach(pages, stories.defer("body"))
    context["pages"] = views_of(pages, found)
    return render_page(request, "reader/issue.html", context, of_issue=True)


@require_safe
def page(request: HttpRequest, key: Key, number: int) -> HttpResponse:
    """One page of an issue: its picture with the stories as areas, else set from its stories."""
    context = _issue(key)
    pages = context.pop("all_pages")
    place = next((i for i, row in enumerate(pages) if row.number == number), None)
    if place is None:
        raise Http404(_("This issue has no such page."))
    here = pages[place]
    stories = Story.objects.visible().filter(Q(page=here) | Q(continued_on=here))
    view = views_of([here], attach(pages, stories))[0]
    context |= {
        "pages": [PageView(one) for one in pages],
        "page": view,
        "previous_page": pages[place - 1] if place else None,
        "next_page": pages[place + 1] if place + 1 < len(pages) else None,
        "sheet": [] if view.image else sheet(here, view.stories),
    }
    return render_page(request, "reader/page.html", context, of_issue=True)


@require_safe
def page_image(
    request: HttpRequest, key: Key, number: int, token: str, width: int
) -> HttpResponse | FileResponse:
    """A rendition of a page's picture, while every story on it is visible.

    Browsers ask again each time: a story withdrawn takes the picture with it at once.
    """
    day, part = key
    found = (
        EditionPage.objects.with_hidden()
        .filter(edition__in=Edition.objects.visible(), number=number)
        .filter(edition__date=day, edition__part=part)
        .first()
    )
    if found is None or found.image.get("token") != token or width not in found.image["widths"]:
        raise Http404
    if not shown_of([found]):
        raise Http404
    path = f"{found.image['folder']}/w{width}.webp"
    return serving.answer(request, path, version=f"{token}-{width}", cache="no-cache")


def _issue(key: Key) -> dict[str, Any]:
    """Return an edition that is out, its pages, and the editions before and after it.

    Raises Http404.
    """
    around = list(Edition.objects.visible().around(*key))
    place = next((i for i, one in enumerate(around) if (one.date, one.part) == key), None)
    if place is None:
        raise Http404(_("There is no issue of this day."))
    edition = around[place]
    pages = list(edition.pages.with_hidden())
    edition.page_count = len(pages)  # type: ignore[attr-defined]
    return {
        "edition": edition,
        "all_pages": pages,
        "previous": around[place + 1] if place + 1 < len(around) else None,
        "next": around[place - 1] if place else None,
    }
