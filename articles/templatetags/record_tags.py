"""Template tags of the revision comparison and the sign-off sheet."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from textkit.compare import ComparedRow
from textkit.compare_chars import CharPiece

register = template.Library()


@register.filter
def pilcrow(text: str) -> SafeString:
    """Return `text` escaped, with each line break as a visible ¶ and a new line."""
    lines = conditional_escape(text).split("\n")
    return mark_safe('<span class="pilcrow">¶</span><br>'.join(lines))  # noqa: S308 - escaped


@register.filter
def marked(pieces: Iterable[CharPiece], between: str = "") -> SafeString:
    """Return pieces as HTML: insertions and deletions, with hidden labels and their authors.

    `between` separates the pieces. A comparison has ten thousand pieces, so no template is used.
    """
    tags = {"ins": _tags("ins", _("added:")), "del": _tags("del", _("removed:"))}
    found = []
    for piece in pieces:
        before, after = tags.get(piece.op, ("", ""))
        name = format_html('<small class="who">{}</small>', piece.by) if piece.by and before else ""
        found.append(f"{before}{pilcrow(piece.text)}{name}{after}")
    return mark_safe(between.join(found))  # noqa: S308 - escaped


@register.filter
def changed(pieces: Iterable[tuple[str, str]]) -> SafeString:
    """Return the runs of `textkit.merge.changes` as HTML."""
    tags = {"ins": ("<ins>", "</ins>"), "del": ("<del>", "</del>")}
    found = []
    for kind, text in pieces:
        before, after = tags.get(kind, ("", ""))
        found.append(f"{before}{escape(text)}{after}")
    return mark_safe("".join(found))  # noqa: S308 - escaped


def _tags(name: str, label: str) -> tuple[str, str]:
    return format_html('<{}><span class="visually-hidden">{} </span>', name, label), f"</{name}>"


@register.filter
def side_of(row: ComparedRow, op: str) -> list[CharPiece]:
    """Return the pieces of a row without those of `op`: "ins" gives the old side."""
    return [piece for piece in row.pieces if piece.op != op]


@register.filter
def place(paragraphs: range) -> int:
    """Return the number, from 1, of the first of some paragraphs."""
    return paragraphs.start + 1
