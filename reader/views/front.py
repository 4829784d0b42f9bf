"""The front page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from paper.models import Section
from paper.querysets import towns_in_order
from press.models import Edition, Story

from ..paper_pages import PageView, views_of
from ..shell import render_page, surroundings

#: How many of the newest stories the front page is made of.
NEWEST = 150
HEADLINES, PER_SECTION, PHOTOS = 5, 5, 6


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """The lead, the headlines, photo news, a block for each section, the towns, today's issue."""
    around = surroundings(request)
    edition, sections = around["edition"], around["sections"]
    newest = list(Story.objects.visible().for_lists().newest()[:NEWEST])
    lead, headlines = _top(newest, edition)
    photos = [s for s in newest if s.photo_list and s != lead][:PHOTOS]
    shown = {story.pk for story in [*headlines, *photos, *([lead] if lead else [])]}
    rest = [story for story in newest if story.pk not in shown]
    context: dict[str, Any] = {
        "edition_pages": _pages(edition, newest),
        "lead": lead,
        "headlines": headlines,
        "photos": photos,
        "blocks": _blocks(rest, sections),
        "towns": _towns(newest),
    }
    return render_page(request, "reader/front.html", context)


def _top(newest: list[Story], edition: Edition | None) -> tuple[Story | None, list[Story]]:
    """Return the lead and the headlines: the paper's own first page, as it is set."""
    texts = [story for story in newest if story.headline]
    first_page = [s for s in texts if edition and s.page and s.page.edition_id == edition.pk]
    first_page.sort(key=lambda s: (s.page.number if s.page else 99, s.position))
    ranked = first_page or texts
    lead = next((s for s in ranked[:HEADLINES] if s.photo_list), ranked[0] if ranked else None)
    return lead, [story for story in ranked if story != lead][:HEADLINES]


def _pages(edition: Edition | None, newest: list[Story]) -> list[PageView]:
    """Return the pages of the newest edition, drawn of those stories that are at hand."""
    return views_of(list(edition.pages.with_hidden()), newest) if edition else []


def _blocks(stories: list[Story], sections: Iterable[Section]) -> list[dict[str, Any]]:
    found = [
        {
            "section": section,
            "stories": [s for s in stories if s.section_id == section.pk][:PER_SECTION],
        }
        for section in sections
    ]
    return [block for block in found if block["stories"]]


def _towns(newest: list[Story]) -> list[dict[str, Any]]:
    """Return every town with its newest story, if the newest stories hold one."""
    latest: dict[str, Story] = {}
    for story in newest:
        for place in story.places:
            latest.setdefault(place["url"], story)
    return [
        {"town": town, "story": latest.get(town.get_absolute_url())} for town in towns_in_order()
    ]
