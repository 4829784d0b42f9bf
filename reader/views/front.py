"""The front page."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from paper.querysets import towns_in_order
from press import front as rules
from press.models import Edition, FrontBlock, Story

from ..paper_pages import PageView, views_of
from ..shell import render_page, surroundings

_Kind = FrontBlock.Kind


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """The lead, the headlines, and the blocks in the order in which editors put them."""
    around = surroundings(request)
    edition = around["edition"]
    chosen = rules.arrangement(around["sections"], edition)
    newest = list(Story.objects.visible().for_lists().newest()[: rules.NEWEST])
    top = rules.top_of(rules.with_picked(newest, chosen.picked), edition, chosen)
    shown = [block for block in chosen.blocks if block.is_shown]
    # Today's paper stands beside the lead where it is the first block, else in its own place.
    is_beside = bool(edition and shown and shown[0].kind == _Kind.PAGES)
    context: dict[str, Any] = {
        "edition_pages": _pages(edition, newest),
        "lead": top.lead,
        "headlines": top.headlines,
        "is_beside": is_beside,
        "bands": _bands(shown[1:] if is_beside else shown, top, newest),
    }
    return render_page(request, "reader/front.html", context)


def _bands(
    blocks: Sequence[rules.Block], top: rules.Top, newest: Sequence[Story]
) -> list[dict[str, Any]]:
    """Return what stands below the top, from above: sections that follow each other are one."""
    strip = next((block for block in blocks if block.kind == _Kind.PHOTOS), None)
    photos = [s for s in newest if s.photo_list and s != top.lead][: strip.count if strip else 0]
    above = {story.pk for story in (*top.headlines, *photos, top.lead) if story}
    rest = [story for story in newest if story.pk not in above]
    found: list[dict[str, Any]] = []
    for kind, same in groupby(blocks, key=lambda block: block.kind):
        rows: list[Any] = []
        if kind == _Kind.PHOTOS:
            rows = photos
        elif kind == _Kind.SECTION:
            rows = _sections(same, rest)
        elif kind == _Kind.TOWNS:
            rows = _towns(newest)
        found.append({"kind": kind, "rows": rows})
    return found


def _pages(edition: Edition | None, newest: list[Story]) -> list[PageView]:
    """Return the pages of the newest edition, drawn of those stories that are at hand."""
    return views_of(list(edition.pages.with_hidden()), newest) if edition else []


def _sections(blocks: Any, stories: Sequence[Story]) -> list[dict[str, Any]]:
    """Return the blocks of sections with their newest stories; without any, none."""
    found = [
        {
            "section": block.section,
            "stories": [s for s in stories if s.section_id == block.section.pk][: block.count],
        }
        for block in blocks
    ]
    return [block for block in found if block["stories"]]


def _towns(newest: Sequence[Story]) -> list[dict[str, Any]]:
    """Return every town with its newest story, if the newest stories hold one."""
    latest: dict[str, Story] = {}
    for story in newest:
        for place in story.places:
            latest.setdefault(place["url"], story)
    return [
        {"town": town, "story": latest.get(town.get_absolute_url())} for town in towns_in_order()
    ]
