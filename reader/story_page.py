"""Rendering of the story view from a shared frame and the story's own parts.

Hundreds of thousands of stories are rendered, because a crawler requests every story ever published
once. Its queries are compiled once (press.compiled_queries), Jinja2 renders its parts, and the
frame is cached per content version.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, NamedTuple

from django.template.loader import get_template
from django.utils import timezone
from django.utils.html import escape

from paper.models import Paper
from press.compiled_queries import AT, PK, CompiledQuery, cached_once
from press.merged_contributors import Merged
from press.models import Story
from press.related_stories import Newest, related_stories
from press.tags import TagAliases

from .masthead import day_line, issue_line
from .seo import card
from .url_helpers import ENGLISH, in_english

#: Names of the placeholders in the frame: the parts that differ between stories.
_PLACEHOLDERS = (
    "title",
    "address",
    "path",
    "card",
    "head",
    "day",
    "issue",
    "main",
    "other_language",
)
#: Delimiter of a placeholder; no text contains this character (newsroom.middleware.form_text).
_DELIMITER = "\0"
_PLACEHOLDER = re.compile(rf"{_DELIMITER}(\w+){_DELIMITER}")
#: Fields of a story that its view shows.
_FIELDS = (
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
    """What all stories of a content version share, in one language and on one site.

    `pieces` alternates text and placeholder names; `site` is such as https://paper.example.cn;
    `tools` are the buttons above a text; `newest` caches the newest stories of tags, contributors
    and towns; `merged` maps merged contributors; `aliases` holds the former names of tags.
    """

    pieces: list[str]
    paper: Paper
    site: str
    today: dt.date
    is_english: bool
    tools: str
    newest: Newest
    merged: Merged
    aliases: TagAliases


def placeholder_context() -> dict[str, str]:
    """Return a context that renders the frame with a marker for each placeholder."""
    return {place: f"{_DELIMITER}{place}{_DELIMITER}" for place in _PLACEHOLDERS}


def split_frame(frame: str) -> list[str]:
    """Split a frame that was rendered with `placeholder_context` into its pieces."""
    return _PLACEHOLDER.split(frame)


@cached_once
def _story_query() -> CompiledQuery[Story]:
    """Return the query for one story with the fields that its view shows."""
    loaded = ("section", "page__edition", "continued_on__edition")
    seen = Story.objects.visible(AT).filter(pk=PK).order_by()
    return CompiledQuery(seen.select_related(*loaded).only(*_FIELDS))


def render_story(pk: int, frame: Frame) -> str | None:
    """Return the HTML of a story that is visible now, or None: at most three queries."""
    now = timezone.now()
    story = next(iter(_story_query().fetch(at=now, pk=pk)), None)
    if story is None:
        return None
    page = story.page_at(now)
    # For display only: the printed names are sealed.
    story.tag_names = frame.aliases.current(story.tag_names)
    neighbours = related_stories(
        story, at=now, cache=frame.newest, merged=frame.merged, spellings=frame.aliases.spellings
    )
    related = {"page": page, **neighbours._asdict()}
    return _render(story, frame, related)


def _blocks(shown: dict[str, Any]) -> dict[str, str]:
    """Return the blocks that Jinja2 renders: `head` and `main`."""
    template = get_template("story.html", using="jinja").template  # type: ignore[attr-defined]
    context = template.new_context(shown)
    return {name: "".join(write(context)) for name, write in template.blocks.items()}


def _render(story: Story, frame: Frame, related: dict[str, Any]) -> str:
    edition = related["page"].edition if related["page"] else None
    lead = next(iter(story.photo_list), None)
    shown = {
        **related,
        "story": story,
        "edition": edition,
        "lead": lead,
        "paper": frame.paper,
        "site": frame.site,
        "tools": frame.tools,
    }
    path = story.get_absolute_url()
    escaped_site = escape(frame.site)
    values = {
        "title": escape(story.title),
        "address": escaped_site + path,
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
        "other_language": escaped_site + (path if frame.is_english else ENGLISH + path),
    }
    pieces = frame.pieces.copy()
    pieces[1::2] = [values[place] for place in pieces[1::2]]
    page = "".join(pieces)
    return in_english(page) if frame.is_english else page
