"""Template tags of the comparison and the sign-off sheet."""

from __future__ import annotations

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from textkit.compare import Row
from textkit.compare_chars import Piece

register = template.Library()


@register.filter
def pilcrow(text: str) -> SafeString:
    """Return `text` escaped, each line end in it as a visible ¶ and a new line."""
    lines = conditional_escape(text).split("\n")
    return mark_safe('<span class="pilcrow">¶</span><br>'.join(lines))  # noqa: S308 - escaped


@register.filter
def side_of(row: Row, op: str) -> list[Piece]:
    """Return the pieces of a row without those of `op`: "ins" gives the old side."""
    return [piece for piece in row.pieces if piece.op != op]


@register.filter
def place(paragraphs: range) -> int:
    """Return the number, from 1, of the first of some paragraphs."""
    return paragraphs.start + 1
