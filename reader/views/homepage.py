"""The homepage."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from paper.querysets import towns_in_use
from press import homepage as rules
from press.models import Edition, HomepageBlock, Story

from ..base_context import render_page, surroundings
from ..issue_pages import IssuePage, issue_pages

_Kind = HomepageBlock.Kind


@require_safe
def homepage(request: HttpRequest) -> HttpResponse:
    """Show the lead, the headlines, and the blocks in the order chosen by editors."""
    around = surroundings(request)
    edition = around["edition"]
    chosen = rules.arrangement(around["sections"], edition)
    newest = list(Story.objects.visible().for_lists().newest()[: rules.NEWEST])
    top = rules.top_of(rules.with_picked(newest, chosen.picked), edition, chosen)
    shown = [block for block in chosen.blocks if block.is_shown]
    # If today's paper is the first block, it is shown next to the lead instead of below.
    is_beside = bool(edition and shown and shown[0].kind == _Kind.PAGES)
    context: dict[str, Any] = {
        "edition_pages": _pages(edition, newest),
        "lead": top.lead,
        "headlines": top.headlines,
        "is_beside": is_beside,
        "bands": _bands(shown[1:] if is_beside else shown, top, newest),
    }
    return render_page(request, "reader/homepage.html", context)


def _bands(
    blocks: Sequence[rules.HomepageBlockContent], top: rules.HomepageTop, newest: Sequence[Story]
) -> list[dict[str, Any]]:
    """Return the blocks below the top, in order; consecutive sections form one band."""
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


def _pages(edition: Edition | None, newest: list[Story]) -> list[IssuePage]:
    """Return the pages of the newest edition, drawn from the stories already loaded."""
    return issue_pages(list(edition.pages.with_hidden()), newest) if edition else []


def _sections(blocks: Any, stories: Sequence[Story]) -> list[dict[str, Any]]:
    """Return the section blocks that have stories, each with its newest ones."""
    found = [
        {
            "section": block.section,
            "stories": [s for s in stories if s.section_id == block.section.pk][: block.count],
        }
        for block in blocks
    ]
    return [block for block in found if block["stories"]]


def _towns(newest: Sequence[Story]) -> list[dict[str, Any]]:
    """Return every town with its newest story, if that is among the newest stories."""
    latest: dict[str, Story] = {}
    for story in newest:
        for place in story.places:
            latest.setdefault(place["url"], story)
    return [{"town": town, "story": latest.get(town.get_absolute_url())} for town in towns_in_use()]
