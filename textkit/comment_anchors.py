"""Anchors of comments: find the paragraph of a comment again after the text has changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from .body import Body

#: Number of characters of a paragraph stored with a comment.
QUOTE_CHARS = 200
#: Minimum similarity in per cent at which a paragraph is considered the same.
LIKENESS = 60


@dataclass(frozen=True, slots=True)
class AnchoredBlock:
    """One outermost element of a text, with the range of its paragraphs, counted from 0.

    A list or a table contains several paragraphs.
    """

    html: str
    first: int
    count: int

    @property
    def paragraphs(self) -> range:
        """Return the numbers of the paragraphs in this block."""
        return range(self.first, self.first + self.count)


def anchored(body: Body) -> list[AnchoredBlock]:
    """Return the outermost elements of a body in order, with the numbers of their paragraphs."""
    found: list[AnchoredBlock] = []
    first = 0
    for block in body.blocks:
        count = len(block.paragraphs)
        found.append(AnchoredBlock(block.html, first, count))
        first += count
    return found


def quote_of(paragraph: str) -> str:
    """Return the part of a paragraph that is stored with a comment."""
    return paragraph[:QUOTE_CHARS]


def find_anchor(quote: str, number: int, paragraphs: Sequence[str]) -> int | None:
    """Return the current number of the paragraph that began with `quote` and was the `number`-th.

    An identical paragraph is preferred (the nearest of several), else the most similar one with at
    least `LIKENESS`. Returns None if there is none.
    """
    quotes = list(map(quote_of, paragraphs))
    same = [n for n, text in enumerate(quotes) if text == quote]
    if same:
        return min(same, key=lambda n: abs(n - number))
    found = process.extract(quote, quotes, scorer=fuzz.ratio, score_cutoff=LIKENESS, limit=None)
    if not found:
        return None
    best = max(score for _text, score, _n in found)
    return min((n for _text, score, n in found if score == best), key=lambda n: abs(n - number))
