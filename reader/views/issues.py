"""Views of an issue, a page of it, and the image of that page."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from photos import responses
from press.models import Edition, EditionPage, Story
from press.page_images import shown_of
from press.page_layout import page_layout

from ..base_context import render_page
from ..issue_pages import IssuePage, attach, issue_pages

Key = tuple[dt.date, int]


@require_safe
def issue(request: HttpRequest, key: Key) -> HttpResponse:
    """Show one issue: its pages as thumbnails, each with its headlines."""
    context = _issue(key)
    pages = context.pop("all_pages")
    stories = Story.objects.visible().filter(Q(page__in=pages) | Q(continued_on__in=pages))
    found = attach(pages, stories.defer("body"))
    context["pages"] = issue_pages(pages, found)
    return render_page(request, "reader/issue.html", context, of_issue=True)


@require_safe
def page(request: HttpRequest, key: Key, number: int) -> HttpResponse:
    """Show one page of an issue: its image with clickable stories, or its typeset layout."""
    context = _issue(key)
    pages = context.pop("all_pages")
    place = next((i for i, row in enumerate(pages) if row.number == number), None)
    if place is None:
        raise Http404(_("This issue has no such page."))
    here = pages[place]
    stories = Story.objects.visible().filter(Q(page=here) | Q(continued_on=here))
    view = issue_pages([here], attach(pages, stories))[0]
    context |= {
        "pages": [IssuePage(one) for one in pages],
        "page": view,
        "previous_page": pages[place - 1] if place else None,
        "next_page": pages[place + 1] if place + 1 < len(pages) else None,
        "sheet": [] if view.image else page_layout(here, view.stories),
    }
    return render_page(request, "reader/page.html", context, of_issue=True)


@require_safe
def page_image(
    request: HttpRequest, key: Key, number: int, token: str, width: int
) -> HttpResponse | FileResponse:
    """Return a rendition of a page image, while every story on it is visible.

    Browsers revalidate each time: the withdrawal of a story removes the image at once.
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
    return responses.answer(request, path, version=f"{token}-{width}", cache="no-cache")


def _issue(key: Key) -> dict[str, Any]:
    """Return a visible edition, its pages, and the previous and the next edition.

    Raises Http404 if it is not visible.
    """
    around = list(Edition.objects.visible().around(*key))
    place = next((i for i, one in enumerate(around) if (one.date, one.part) == key), None)
    if place is None:
        raise Http404(_("No issue was published on this day."))
    edition = around[place]
    pages = list(edition.pages.with_hidden())
    edition.page_count = len(pages)  # type: ignore[attr-defined]
    return {
        "edition": edition,
        "all_pages": pages,
        "previous": around[place + 1] if place + 1 < len(around) else None,
        "next": around[place - 1] if place else None,
    }
