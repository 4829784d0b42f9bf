"""A story's body parted where a page ends its text: 「全文」, or 下转 and 上接."""

from __future__ import annotations

import re
from collections.abc import Iterator

from textkit.count import count_chars
from textkit.html import to_text

_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)[^>]*>")
_VOID = frozenset({"br", "img", "hr", "col", "source"})
#: A rest shorter than this is not worth the way to it.
_TOO_SHORT = 120


def split(body: str, chars: int, least: int = _TOO_SHORT) -> tuple[str, str]:
    """Return the first blocks of a printed `body`, about `chars` characters, and the rest.

    Photos in the text are left out: a page shows the first photo apart. A block is never cut; the
    rest is "" where fewer than `least` characters would be left.
    """
    blocks = [block for block in blocks_of(body) if not block.startswith("<figure")]
    lengths = [count_chars(to_text(block)) for block in blocks]
    total, here, end = sum(lengths), 0, 0
    while end < len(blocks) and (end == 0 or here + lengths[end] / 2 < chars):
        here += lengths[end]
        end += 1
    if total - here < least:
        end = len(blocks)
    return "\n".join(blocks[:end]), "\n".join(blocks[end:])


def blocks_of(body: str) -> Iterator[str]:
    """Yield the outermost elements of a printed body: paragraphs, lists, tables, figures."""
    depth, start = 0, 0
    for tag in _TAG.finditer(body):
        if tag[2] in _VOID:
            continue
        if not tag[1]:
            start = tag.start() if depth == 0 else start
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0:
                yield body[start : tag.end()]
