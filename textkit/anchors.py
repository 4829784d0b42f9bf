"""Where a remark belongs in a text that goes on changing: its paragraph found again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from .html import to_paragraphs

#: So much of a paragraph is kept with a remark, in characters.
QUOTED = 200
#: A paragraph at least so much like the one that was read is the same one, in per cent.
ALIKE = 60

_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)(?:\"[^\"]*\"|[^\">])*>", re.IGNORECASE)
#: These begin and end inside a paragraph, or have no end.
_INSIDE = frozenset({"a", "strong", "em", "b", "i", "u", "s", "sub", "sup", "span", "br", "img"})


@dataclass(frozen=True, slots=True)
class Block:
    """One outermost element of a text, and which of its paragraphs (from 0) are in it.

    A list or a table holds several.
    """

    html: str
    first: int
    count: int

    def holds(self, paragraph: int) -> bool:
        """Return whether the paragraph of that number is in this block."""
        return self.first <= paragraph < self.first + self.count


def blocks(source: str) -> list[Block]:
    """Return the outermost elements of sanitised HTML in order; joined they are `source` again."""
    found: list[Block] = []
    depth = start = paragraphs = 0
    ends = []
    for match in _TAG.finditer(source):
        if match[2].lower() in _INSIDE:
            continue
        depth += -1 if match[1] else 1
        if match[1] and depth <= 0:
            depth = 0
            ends.append(match.end())
    for end in [*ends, len(source)]:
        piece = source[start:end]
        count = len(to_paragraphs(piece))
        if piece:
            found.append(Block(piece, paragraphs, count))
        paragraphs, start = paragraphs + count, end
    return found


def quote_of(paragraph: str) -> str:
    """Return what a remark keeps of the paragraph that it was made on."""
    return paragraph[:QUOTED]


def find_again(quote: str, number: int, paragraphs: Sequence[str]) -> int | None:
    """Return where the paragraph stands now that began with `quote` and was the `number`-th.

    The same text where it still stands (the nearest, if twice), else the most alike by at least
    `ALIKE`; None where there is none any more.
    """
    same = [n for n, text in enumerate(paragraphs) if quote_of(text) == quote]
    if same:
        return min(same, key=lambda n: abs(n - number))
    best, found = 0.0, None
    for n, text in enumerate(paragraphs):
        score = fuzz.ratio(quote, quote_of(text), score_cutoff=max(ALIKE, best))
        if score > best or (score == best > 0 and abs(n - number) < abs((found or 0) - number)):
            best, found = score, n
    return found
