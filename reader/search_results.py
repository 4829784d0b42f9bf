"""Results of the public search, with the hits marked in all that a result shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from press import search_index
from press.models import Story
from search.timeline import TimelineQuery
from textkit.highlight import Pieces, excerpts, mark_headline, missing_in
from textkit.tokens import mark
from textkit.truncate import single_line

#: Number of results on a page.
SIZE = 20
_BEFORE, _AFTER = 30, 90


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A story that was found; the hits in its headline, excerpt and names are marked."""

    story: Story
    kicker: SafeString
    title: SafeString
    snippet: SafeString
    places: list[tuple[str, SafeString]]
    people: list[SafeString]


def find(query: TimelineQuery, *, before: int, at: dt.datetime) -> tuple[list[SearchResult], int]:
    """Return a page of results, and the offset of the next one, or 0."""
    shown = Story.objects.visible(at).select_related("section", "page__edition")
    stories, older = search_index.find(query, shown, at=at, size=SIZE, before=before)
    words = [term.words for term in query.terms]
    return [_result(story, words) for story in stories], older


def _result(story: Story, words: Sequence[str]) -> SearchResult:
    return SearchResult(
        story,
        kicker=_marked(mark(story.kicker, words)),
        title=_marked(mark_headline(story.title, words)),
        snippet=snippet(story, words),
        places=[(p["url"], _marked(mark(p["name"], words))) for p in story.places],
        people=[_marked(mark(person["name"], words)) for person in story.byline],
    )


def snippet(story: Story, words: Sequence[str]) -> SafeString:
    """Return an excerpt that shows the matches, or the beginning of the text.

    A word that neither the text nor the rest of the result shows is looked for in the parts of the
    story that results do not show, such as the captions.
    """
    text = single_line(story.body.text)
    found, left = excerpts([text], words, before=_BEFORE, after=_AFTER)
    hidden = missing_in("\n".join(_shown(story)), left)
    more, _none = excerpts(_further(story), hidden, before=_BEFORE, after=_AFTER)
    if not found:
        is_cut = len(text) > _BEFORE + _AFTER
        found = [(text[: _BEFORE + _AFTER] + ("…" if is_cut else ""), False)]
    return _marked([*found, (" ", False), *more] if more else found)


def _shown(story: Story) -> Iterator[str]:
    """Yield what a result shows of a story beside the excerpt."""
    yield from (story.kicker, story.title, "".join(story.headline_lines))
    yield from (place["name"] for place in story.places)
    yield from (person["name"] for person in story.byline)


def _further(story: Story) -> Iterator[str]:
    """Yield the indexed texts of a story that a result does not show."""
    yield from (story.subhead, story.dateline, story.unit)
    for photo in story.photo_list:
        yield from (photo["caption"], photo["credit"])
    yield from story.tag_names


def _marked(pieces: Pieces) -> SafeString:
    tags = {True: ("<mark>", "</mark>"), False: ("", "")}
    return format_html_join(
        "",
        "{}{}{}",
        ((SafeString(tags[hit][0]), piece, SafeString(tags[hit][1])) for piece, hit in pieces),
    )
