"""The page of a story: a frame that all stories of an epoch share, and what is its own.

It is made anew by the hundred thousand, for a crawler asks once for each story that there ever was.
So its questions are written once (press.prepared), its parts by Jinja, and the rest is kept.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, NamedTuple

from django.template.loader import get_template
from django.utils import timezone
from django.utils.html import escape

from paper.models import Paper
from press.models import Story
from press.near import Newest, near
from press.prepared import AT, PK, Written, once

from .addresses import ENGLISH, in_english
from .masthead import day_line, issue_line
from .structured import card

#: What differs between two stories, and where it stands in the frame.
_PLACES = ("title", "address", "path", "card", "head", "day", "issue", "main", "other_language")
#: No text of the paper's holds this character (newsroom.nul).
_MARK = "\0"
_PLACE = re.compile(rf"{_MARK}(\w+){_MARK}")
#: What the page shows of a story, and no more.
_SHOWN = (
    *("kind", "kicker", "headline", "subhead", "dateline", "body", "summary", "position"),
    *("byline", "places", "tag_names", "photo_list", "corrections", "release_at", "corrected_at"),
    *(
        "section__name",
        "section__english_name",
        "section__slug",
        "page__number",
        "continued_on__number",
    ),
    *(
        f"{page}__edition__{name}"
        for page in ("page", "continued_on")
        for name in ("number", "year_number", "date", "part", "special", "release_at")
    ),
)


class Frame(NamedTuple):
    """What all stories of an epoch have around them, in one language under one site.

    `pieces` are text and names of places in turn; `site` is such as https://paper.example.cn;
    `tools` the buttons over a text; `newest` the newest stories of the tags, contributors and towns
    that were asked for.
    """

    pieces: list[str]
    paper: Paper
    site: str
    today: dt.date
    is_english: bool
    tools: str
    newest: Newest


def marks() -> dict[str, str]:
    """Return what stands in a frame for each place until a story is there."""
    return {place: f"{_MARK}{place}{_MARK}" for place in _PLACES}


def pieces_of(frame: str) -> list[str]:
    """Return the pieces of a frame that was made with `marks`."""
    return _PLACE.split(frame)


@once
def _whole() -> Written[Story]:
    """Return the question for one story with what its page shows."""
    at_hand = ("section", "page__edition", "continued_on__edition")
    seen = Story.objects.visible(AT).filter(pk=PK).order_by()
    return Written(seen.select_related(*at_hand).only(*_SHOWN))


def page_of(pk: int, frame: Frame) -> str | None:
    """Return the page of a story that readers see now, or None: at most three queries."""
    now = timezone.now()
    story = next(iter(_whole().ask(at=now, pk=pk)), None)
    if story is None:
        return None
    page = story.page_at(now)
    beside = {"page": page, **near(story, at=now, kept=frame.newest)._asdict()}
    return _write(story, frame, beside)


def _blocks(shown: dict[str, Any]) -> dict[str, str]:
    """Return the parts of the page that Jinja writes: `head` and `main`."""
    template = get_template("story.html", using="jinja").template  # type: ignore[attr-defined]
    context = template.new_context(shown)
    return {name: "".join(write(context)) for name, write in template.blocks.items()}


def _write(story: Story, frame: Frame, beside: dict[str, Any]) -> str:
    edition = beside["page"].edition if beside["page"] else None
    lead = next(iter(story.photo_list), None)
    shown = {
        **beside,
        "story": story,
        "edition": edition,
        "lead": lead,
        "paper": frame.paper,
        "site": frame.site,
        "tools": frame.tools,
    }
    path = story.get_absolute_url()
    of_site = escape(frame.site)
    values = {
        "title": escape(story.title),
        "address": of_site + path,
        "path": path,
        "card": card(
            frame.paper,
            frame.site,
            name=story.title,
            text=story.summary,
            photo=lead,
            kind="article",
        ),
        **_blocks(shown),
        "day": day_line(edition.date if edition else frame.today),
        "issue": issue_line(edition),
        "other_language": of_site + (path if frame.is_english else ENGLISH + path),
    }
    pieces = frame.pieces.copy()
    pieces[1::2] = [values[place] for place in pieces[1::2]]
    page = "".join(pieces)
    return in_english(page) if frame.is_english else page
