"""How a page is set when nobody sent its picture: which story where, how wide, how large; pure.

A page is a stack of bands. A band holds one to three neighbouring stories, each as wide as some of
the page's columns, so that they come out about equally high: what makes a page look set, not
listed. Lengths are estimated in lines of the body type from the number of characters; the page, its
small picture and the PDF follow one plan.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from textkit import html
from textkit.cut import excerpt

from .models import Story

#: The levels of headlines, from the page's lead to a brief.
LEAD, MAIN, PLAIN, BRIEF = 1, 2, 3, 4
#: How many times the body's size a headline of each level is.
TIMES = {LEAD: 3.0, MAIN: 2.1, PLAIN: 1.6, BRIEF: 1.25}
#: How many columns a story of each level is wide at least.
LEAST = {LEAD: 3, MAIN: 2, PLAIN: 1, BRIEF: 1}
#: A story with fewer characters is a brief, one with more may be the second of its page.
SHORT, LONG = 160, 500
#: Body lines that caption, byline and the rule between two stories take.
_CAPTION, _BYLINE, _GAP = 2.0, 1.0, 1.5
#: How many stories may stand side by side.
_ABREAST = 3


@dataclass(frozen=True, slots=True)
class Measure:
    """What a page is measured in: its columns, the characters in a line of one, its text lines."""

    columns: int
    chars: int
    lines: int


#: On the screen, and on A3 paper, where the whole text must find room.
SCREEN, A3 = Measure(5, 11, 66), Measure(6, 13, 84)


@dataclass(frozen=True, slots=True)
class Block:
    """One story in its place: its level, its width in columns, its photo, what of it is shown.

    `photo` is a row of `Story.photo_list` or None; it stands beside the text, `photo_span` columns
    wide, or above it where that is the whole width. `shown` is how many characters have room.
    """

    story: Story
    level: int
    span: int
    photo: dict[str, Any] | None
    photo_span: int
    shown: int
    lines: float

    @property
    def is_whole(self) -> bool:
        """Return whether the whole text has room."""
        return self.shown >= self.story.chars

    @property
    def text_span(self) -> int:
        """Return how many columns the text has."""
        return self.span - self.photo_span if self.photo_span < self.span else self.span


@dataclass(frozen=True, slots=True)
class Band:
    """Stories side by side; `lines` is the height of the highest."""

    blocks: tuple[Block, ...]
    lines: float


def layout(
    stories: Sequence[Story], measure: Measure = SCREEN, *, whole: bool = False
) -> list[Band]:
    """Return the bands of a page that holds `stories` in their order, from top to bottom.

    Long texts are cut so that the page keeps the shape of one, unless the `whole` text is wanted.
    """
    shown = [story.chars for story in stories] if whole else _shares(stories, measure)
    parts = list(zip(stories, _levels(stories), shown, strict=True))

    # The best way to set all from each story on, the last story first.
    best: list[tuple[float, list[Band]]] = [(0.0, [])]
    for start in reversed(range(len(parts))):
        options = []
        for count in range(1, min(_ABREAST, len(parts) - start) + 1):
            white, band = _band(parts[start : start + count], measure)
            rest, bands = best[count - 1]
            options.append((white + rest, [band, *bands]))
        best = [min(options, key=lambda option: option[0]), *best[: _ABREAST - 1]]
    return best[0][1]


def paragraphs(block: Block) -> list[str]:
    """Return the paragraphs of a story as far as its block has room, the last one ending well."""
    texts = html.to_paragraphs(block.story.body)
    if block.is_whole:
        return texts
    found: list[str] = []
    room = block.shown
    for text in texts:
        if len(text) > room:
            return [*found, excerpt(text, room)] if room >= SHORT // 8 or not found else found
        found.append(text)
        room -= len(text)
    return found


def _levels(stories: Sequence[Story]) -> list[int]:
    """Return the level of each story: the first with a headline leads, one more may be large."""
    levels: list[int] = []
    for story in stories:
        if not story.headline or story.chars < SHORT:
            level = BRIEF if not story.photo_list else PLAIN
        elif LEAD not in levels:
            level = LEAD
        elif MAIN not in levels and (story.photo_list or story.chars >= LONG):
            level = MAIN
        else:
            level = PLAIN
        levels.append(level)
    if LEAD not in levels and levels:
        # A page of briefs has a first story all the same.
        levels[0] = MAIN
    return levels


def _shares(stories: Sequence[Story], measure: Measure) -> list[int]:
    """Return how many characters of each story have room, the shorter ones whole."""
    room = int(measure.columns * measure.chars * measure.lines * 0.62)
    shares: dict[int, int] = {}
    waiting = sorted(range(len(stories)), key=lambda n: stories[n].chars)
    for done, n in enumerate(waiting):
        fair = max(SHORT // 2, room // (len(waiting) - done))
        shares[n] = min(stories[n].chars, fair)
        room -= shares[n]
    return [shares[n] for n in range(len(stories))]


def _band(parts: Sequence[tuple[Story, int, int]], measure: Measure) -> tuple[float, Band]:
    """Return the best widths for stories side by side, and how much white they leave."""
    found = []
    for spans in _spans(len(parts), measure.columns):
        blocks = tuple(
            _block(story, level, count, span, measure)
            for (story, level, count), span in zip(parts, spans, strict=True)
        )
        lines = max(block.lines for block in blocks)
        white = sum((lines - block.lines) * block.span for block in blocks)
        white += sum(_faults(block) for block in blocks)
        found.append((white, Band(blocks, lines)))
    return min(found, key=lambda option: option[0])


def _spans(count: int, columns: int) -> Iterator[tuple[int, ...]]:
    """Yield every way to give `count` stories together `columns` columns."""
    if count == 1:
        yield (columns,)
        return
    for first in range(1, columns - count + 2):
        for rest in _spans(count - 1, columns - first):
            yield (first, *rest)


def _faults(block: Block) -> float:
    """Return what a width costs that no page would have: too narrow a head, too wide a brief."""
    narrow = max(0, LEAST[block.level] - block.span) * 60
    rows = block.shown / (11 * block.text_span)
    flat = max(0.0, 5 - rows) * block.span * 3
    return narrow + flat


def _block(story: Story, level: int, shown: int, span: int, measure: Measure) -> Block:
    photo = story.photo_list[0] if story.photo_list else None
    photo_span = 0
    if photo is not None:
        photo_span = 2 if span >= 4 else span
    text_span = span - photo_span if 0 < photo_span < span else span
    text = ceil(shown / measure.chars / text_span) + 1
    picture = _picture_lines(photo, photo_span, measure) if photo is not None else 0.0
    below = max(text, picture) if photo_span < span else text + picture
    return Block(
        story, level, span, photo, photo_span, shown, _head(story, level, span, measure) + below
    )


def _head(story: Story, level: int, span: int, measure: Measure) -> float:
    """Return how many body lines the heading takes, with its kicker, subhead and byline."""
    room = max(1.0, span * measure.chars / TIMES[level])
    rows = sum(ceil(len(line) / room) for line in story.headline_lines)
    extra = bool(story.kicker) + bool(story.subhead)
    return rows * TIMES[level] * 0.9 + extra + _BYLINE + _GAP


def _picture_lines(photo: dict[str, Any], span: int, measure: Measure) -> float:
    """Return how many body lines a photo takes that is `span` columns wide; a line is 1.55 high."""
    ratio = photo["height"] / max(1, photo["width"])
    return span * (measure.chars + 1.4) * min(ratio, 1.2) / 1.55 + _CAPTION
