"""How much text an article may have: beyond it a save takes long, and nobody could read it."""

from __future__ import annotations

import re

from django.utils.text import slugify
from django.utils.translation import gettext as _

from textkit import html, light
from textkit.shallow import count_blocks

#: Paragraphs, items, cells and lines of a body; the longest report of a paper has some hundreds.
MAX_BLOCKS = 3_000
#: All tags, or pairs of stars.
MAX_MARKS = 12_000
#: A tag; the database has room for 100, and its address takes a number where it is taken.
MAX_TAG = 60
_MARK = re.compile(r"<[a-z]|\*\*", re.IGNORECASE)
_BOLD = re.compile(r"</?b[\s>]", re.IGNORECASE)


def excess_of(body: str, *, is_light: bool = False) -> str:
    """Return in a sentence why `body`, HTML or light markup, is too much; "" where it is not.

    Looks at the source alone, so that nothing large is parsed.
    """
    # Each <b> becomes <strong>.
    length = len(body) + 5 * len(_BOLD.findall(body))
    # Each & becomes four characters at least; a parser gets slow with very many.
    if length > html.MAX_LENGTH or body.count("&") > html.MAX_LENGTH // 4:
        return _("The text is longer than 500,000 characters. Please divide it.")
    blocks = light.count_blocks(body) if is_light else count_blocks(body)
    if blocks > MAX_BLOCKS or len(_MARK.findall(body)) > MAX_MARKS:
        return _(
            "The text has more than 3,000 paragraphs, lines and cells, or 12,000 marks such as "
            "bold. Please divide it."
        )
    return ""


def is_long_tag(tag: str) -> bool:
    """Return whether `tag`, or its part of an address (ligatures come apart there), is too long."""
    return max(len(tag), len(slugify(tag, allow_unicode=True))) > MAX_TAG


def is_lost_tag(tag: str) -> bool:
    """Return whether a browser would take a part of the address of `tag` for a way up (“..”)."""
    return any(part in {".", ".."} for part in re.split(r"[/\\]", tag))


def too_large() -> str:
    """Return what a window is told that sent more than a request may hold."""
    return _(
        "Not saved: the text is larger than the 8 MB that a form takes. "
        "Take out pictures that were pasted into it, or divide it."
    )
