"""Three-way merge of an article's content: a base and two versions, as parts to choose from.

Pure functions: contents in, parts out. Parts and choices give one content again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from textkit.body import Body
from textkit.merge import MergeKind, MergePiece, merge, merge_text

from .content import Content

_LINES = ("kicker", "headline", "subhead", "dateline", "unit")
_VALUES = ("kind", "section", "genre", "bylines", "photos")
_SETS = ("towns", "tags")


@dataclass(frozen=True, slots=True)
class MergePart:
    """One part of an article that can be chosen: a field, or a run of paragraphs.

    `merged` is the proposal where both changes are compatible, None otherwise.
    """

    key: str
    field: str
    kind: MergeKind
    base: Any
    mine: Any
    theirs: Any
    merged: Any = None

    @property
    def options(self) -> list[str]:
        """Return the options of the part."""
        options = ["mine", "theirs"]
        if self.merged is not None:
            options.insert(0, "merged")
        if self.field == "body" and self.kind is MergeKind.CONFLICT and self.mine and self.theirs:
            options.append("both")
        return options

    @property
    def proposal(self) -> str:
        """Return the option that the merge proposes; "" for a conflict."""
        if self.merged is not None:
            return "merged"
        return {MergeKind.CONFLICT: "", MergeKind.THEIRS: "theirs"}.get(self.kind, "mine")

    def chosen(self, option: str) -> Any:
        """Return the value that belongs to `option`."""
        if option == "both":
            return self.mine + self.theirs
        return getattr(self, option)


def parts(base: Content, mine: Content, theirs: Content) -> list[MergePart]:
    """Return the parts of the merge of `mine` and `theirs` in printed order, heading first."""
    found = [_field(name, base, mine, theirs) for name in _LINES]
    old, own, other = ([block.html for block in one.body.blocks] for one in (base, mine, theirs))
    pieces = merge(old, own, other)
    body = [part for piece in pieces for part in _split(piece)]
    found += [replace(part, key=f"body-{n}") for n, part in enumerate(body)]
    found += [_field(name, base, mine, theirs) for name in (*_VALUES, *_SETS)]
    return found


def _field(name: str, base: Content, mine: Content, theirs: Content) -> MergePart:
    old, own, other = (getattr(content, name) for content in (base, mine, theirs))
    kind = _kind_of(old, own, other)
    merged: Any = None
    if kind is MergeKind.CONFLICT and name in _LINES:
        merged = merge_text(old, own, other)
    elif kind is MergeKind.CONFLICT and name in _SETS:
        gone = set(old) - (set(own) & set(other))
        merged = tuple(sorted((set(own) | set(other)) - gone))
    return MergePart(name, name, kind, old, own, other, merged)


def _kind_of(base: Any, mine: Any, theirs: Any) -> MergeKind:
    if mine == theirs:
        return MergeKind.SAME if mine == base else MergeKind.BOTH
    if mine == base:
        return MergeKind.THEIRS
    return MergeKind.MINE if theirs == base else MergeKind.CONFLICT


def _split(piece: MergePiece) -> list[MergePart]:
    """Split a part of the body; a conflict of equal paragraph counts becomes one part each."""
    lengths = {len(piece.base), len(piece.mine), len(piece.theirs)}
    if piece.kind is not MergeKind.CONFLICT or len(lengths) > 1:
        return [MergePart("", "body", piece.kind, piece.base, piece.mine, piece.theirs)]
    found = []
    for old, own, other in zip(piece.base, piece.mine, piece.theirs, strict=True):
        kind = _kind_of(old, own, other)
        text = merge_text(old, own, other) if kind is MergeKind.CONFLICT else None
        merged = None if text is None else (text,)
        found.append(MergePart("", "body", kind, (old,), (own,), (other,), merged))
    return found


def open_conflicts(found: Sequence[MergePart], choices: Mapping[str, str]) -> list[MergePart]:
    """Return the conflicts for which no choice has been made."""
    return [part for part in found if not _option(part, choices)]


def _option(part: MergePart, choices: Mapping[str, str]) -> str:
    option = choices.get(part.key, "")
    return option if option in part.options else part.proposal


def resolve(found: Sequence[MergePart], choices: Mapping[str, str]) -> Content:
    """Return the content that results from `choices`; every conflict must have one."""
    values: dict[str, Any] = {}
    body: list[str] = []
    for part in found:
        value = part.chosen(_option(part, choices))
        if part.field == "body":
            body += value
        else:
            values[part.field] = value
    # A merged paragraph may be invalid HTML, so it is cleaned again.
    return Content(body=Body.from_html("\n".join(body)), **values)
