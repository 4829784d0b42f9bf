"""Three contents of one article, the base and what two people made of it, as parts to choose from.

Pure: contents in, parts out; the parts and the choices give one content again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from textkit.merge import Kind, Piece, merge, merge_text

from .content import Content

_LINES = ("kicker", "headline", "subhead", "dateline", "unit")
_VALUES = ("kind", "section", "bylines", "photos")
_SETS = ("towns", "tags")
_BLOCK_TAG = re.compile(r'<(/?)([a-z0-9]+)(?:\s+[^\s=>]+(?:="[^"]*")?)*\s*>')
#: Elements that stand on their own level of a body.
_BLOCKS = frozenset({"p", "h2", "h3", "blockquote", "ul", "ol", "table"})


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of an article that can be chosen: a field, or a run of paragraphs.

    `merged` is the proposal where both changes fit together, None where there is none.
    """

    key: str
    field: str
    kind: Kind
    base: Any
    mine: Any
    theirs: Any
    merged: Any = None

    @property
    def options(self) -> list[str]:
        """Return what a person may choose here."""
        options = ["mine", "theirs"]
        if self.merged is not None:
            options.insert(0, "merged")
        if self.field == "body" and self.kind is Kind.CONFLICT and self.mine and self.theirs:
            options.append("both")
        return options

    @property
    def proposal(self) -> str:
        """Return the option that the merge proposes; nothing for a conflict."""
        if self.merged is not None:
            return "merged"
        return {Kind.CONFLICT: "", Kind.THEIRS: "theirs"}.get(self.kind, "mine")

    def chosen(self, option: str) -> Any:
        """Return the value that stands for `option`."""
        if option == "both":
            return self.mine + self.theirs
        return getattr(self, option)


def blocks(body: str) -> list[str]:
    """Return the paragraphs, lists, tables of sanitised HTML, each as it stands."""
    found, depth, start = [], 0, 0
    for tag in _BLOCK_TAG.finditer(body):
        if tag[2] not in _BLOCKS:
            continue
        if tag[1]:
            depth = max(depth - 1, 0)
            if not depth:
                found.append(body[start : tag.end()])
                start = tag.end()
        else:
            if not depth:
                found.append(body[start : tag.start()])
                start = tag.start()
            depth += 1
    found.append(body[start:])
    return [block.strip() for block in found if block.strip()]


def parts(base: Content, mine: Content, theirs: Content) -> list[Part]:
    """Return the parts of the merge of `mine` and `theirs`, heading first, in printed order."""
    found = [_field(name, base, mine, theirs) for name in _LINES]
    pieces = merge(blocks(base.body), blocks(mine.body), blocks(theirs.body))
    body = [part for piece in pieces for part in _split(piece)]
    found += [replace(part, key=f"body-{n}") for n, part in enumerate(body)]
    found += [_field(name, base, mine, theirs) for name in (*_VALUES, *_SETS)]
    return found


def _field(name: str, base: Content, mine: Content, theirs: Content) -> Part:
    old, own, other = (getattr(content, name) for content in (base, mine, theirs))
    kind = _kind_of(old, own, other)
    merged: Any = None
    if kind is Kind.CONFLICT and name in _LINES:
        merged = merge_text(old, own, other)
    elif kind is Kind.CONFLICT and name in _SETS:
        gone = set(old) - (set(own) & set(other))
        merged = tuple(sorted((set(own) | set(other)) - gone))
    return Part(name, name, kind, old, own, other, merged)


def _kind_of(base: Any, mine: Any, theirs: Any) -> Kind:
    if mine == theirs:
        return Kind.SAME if mine == base else Kind.BOTH
    if mine == base:
        return Kind.THEIRS
    return Kind.MINE if theirs == base else Kind.CONFLICT


def _split(piece: Piece) -> list[Part]:
    """Return a piece of the body as parts; a conflict of as many paragraphs, one by one."""
    lengths = {len(piece.base), len(piece.mine), len(piece.theirs)}
    if piece.kind is not Kind.CONFLICT or len(lengths) > 1:
        return [Part("", "body", piece.kind, piece.base, piece.mine, piece.theirs)]
    found = []
    for old, own, other in zip(piece.base, piece.mine, piece.theirs, strict=True):
        kind = _kind_of(old, own, other)
        text = merge_text(old, own, other) if kind is Kind.CONFLICT else None
        merged = None if text is None else (text,)
        found.append(Part("", "body", kind, (old,), (own,), (other,), merged))
    return found


def open_conflicts(found: Sequence[Part], choices: Mapping[str, str]) -> list[Part]:
    """Return the parts for which a choice must still be made."""
    return [part for part in found if not _option(part, choices)]


def _option(part: Part, choices: Mapping[str, str]) -> str:
    option = choices.get(part.key, "")
    return option if option in part.options else part.proposal


def resolve(found: Sequence[Part], choices: Mapping[str, str]) -> Content:
    """Return the content that the choices make of the parts; each conflict must have one."""
    values: dict[str, Any] = {}
    body: list[str] = []
    for part in found:
        value = part.chosen(_option(part, choices))
        if part.field == "body":
            body += value
        else:
            values[part.field] = value
    return Content(body="\n".join(body), **values)
