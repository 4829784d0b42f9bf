"""Split a story's body where a page ends its text: 「全文」, or 下转 and 上接."""

from __future__ import annotations

from textkit.body import Body
from textkit.char_count import count_chars

#: Minimum length of a remainder, in characters; a shorter one stays with the first part.
_TOO_SHORT = 120


def unit_of(body: Body, chars: int) -> float:
    """Return by how much the length of a text is multiplied, so that all of `body` has `chars`.

    A story's stored length may leave marks out (`Paper.counts_marks`, when it was published).
    """
    length = sum(map(count_chars, (block.text for block in body.blocks)))
    return chars / length if chars and length else 1.0


def split(
    body: Body, chars: int, least: int = _TOO_SHORT, *, unit: float = 1.0
) -> tuple[Body, Body]:
    """Return the first blocks of a published `body`, about `chars` characters, and the remainder.

    Photos in the text are left out, because a page shows the first photo separately. A block is
    never cut. The remainder is empty if it would have fewer than `least` characters. With `unit`,
    lengths are measured as those of the story are (`unit_of`).
    """
    blocks = [block for block in body.blocks if block.tag != "figure"]
    lengths = [count_chars(block.text) * unit for block in blocks]
    total, here, end = sum(lengths), 0.0, 0
    while end < len(blocks) and (end == 0 or here + lengths[end] / 2 < chars):
        here += lengths[end]
        end += 1
    if total - here < least:
        end = len(blocks)
    pieces = [block.html for block in blocks]
    return Body("\n".join(pieces[:end])), Body("\n".join(pieces[end:]))
