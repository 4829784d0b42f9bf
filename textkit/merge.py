"""Merge two texts that began from one: by paragraphs, and inside a paragraph by characters.

Pure: sequences in, pieces out. What only one side changed is taken; what both changed alike is
taken once; what both changed otherwise is a conflict, left to a person.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from rapidfuzz.distance import Indel

_TAG = re.compile(r"<[^<>]*>")
_TOKEN = re.compile(r"<[^<>]*>|&[#\w]+;|.", re.DOTALL)
#: Inside a paragraph, changes of both sides this near to each other belong together.
NEAR = 4


class Kind(Enum):
    """Who changed a piece."""

    SAME = "same"
    MINE = "mine"
    THEIRS = "theirs"
    BOTH = "both"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of the base, and what each side has in its place."""

    kind: Kind
    base: tuple[str, ...]
    mine: tuple[str, ...]
    theirs: tuple[str, ...]

    @property
    def merged(self) -> tuple[str, ...]:
        """Return what the merge takes; of a conflict, mine."""
        return self.theirs if self.kind is Kind.THEIRS else self.mine


@dataclass(frozen=True, slots=True)
class _Hunk:
    start: int
    end: int
    grows: int
    is_mine: bool


def merge(
    base: Sequence[str], mine: Sequence[str], theirs: Sequence[str], near: int = 0
) -> list[Piece]:
    """Return the pieces of the merge in order.

    Changes of the two sides that are closer than `near` items of the base are one conflict.
    """
    hunks = sorted(
        [*_hunks(base, mine, True), *_hunks(base, theirs, False)],
        key=lambda hunk: (hunk.start, hunk.end),
    )
    pieces: list[Piece] = []
    done, shift = 0, {True: 0, False: 0}

    def cut(kind: Kind, start: int, end: int, grows: dict[bool, int]) -> None:
        """Append the run start:end of the base with what it became on each side."""
        sides = [
            tuple(text[start + shift[is_mine] : end + shift[is_mine] + grows[is_mine]])
            for text, is_mine in ((mine, True), (theirs, False))
        ]
        if kind is Kind.CONFLICT and sides[0] == sides[1]:
            kind = Kind.BOTH
        pieces.append(Piece(kind, tuple(base[start:end]), sides[0], sides[1]))
        for is_mine in shift:
            shift[is_mine] += grows[is_mine]

    for group in _groups(hunks, near):
        start, end = group[0].start, max(hunk.end for hunk in group)
        if start > done:
            cut(Kind.SAME, done, start, {True: 0, False: 0})
        grows = {side: sum(h.grows for h in group if h.is_mine is side) for side in (True, False)}
        cut(_kind(group), start, end, grows)
        done = end
    if done < len(base):
        cut(Kind.SAME, done, len(base), {True: 0, False: 0})
    return pieces


def _hunks(base: Sequence[str], other: Sequence[str], is_mine: bool) -> list[_Hunk]:
    """Return the runs of `base` that `other` changed; touching ones are one."""
    hunks: list[_Hunk] = []
    for op in Indel.opcodes(base, other):
        if op.tag == "equal":
            continue
        grows = (op.dest_end - op.dest_start) - (op.src_end - op.src_start)
        if hunks and hunks[-1].end == op.src_start:
            last = hunks.pop()
            hunks.append(_Hunk(last.start, op.src_end, last.grows + grows, is_mine))
        else:
            hunks.append(_Hunk(op.src_start, op.src_end, grows, is_mine))
    return hunks


def _groups(hunks: list[_Hunk], near: int) -> list[list[_Hunk]]:
    """Return the hunks in groups that cannot be taken apart."""
    groups: list[list[_Hunk]] = []
    end = -1
    for hunk in hunks:
        is_same_place = bool(groups) and groups[-1][0].start == hunk.start == hunk.end == end
        if groups and (hunk.start < end + near or is_same_place):
            groups[-1].append(hunk)
        else:
            groups.append([hunk])
        end = max(end, hunk.end)
    return groups


def _kind(group: list[_Hunk]) -> Kind:
    sides = {hunk.is_mine for hunk in group}
    if len(sides) == 2:
        return Kind.CONFLICT
    return Kind.MINE if True in sides else Kind.THEIRS


def merge_text(base: str, mine: str, theirs: str) -> str | None:
    """Return one text with the changes of both sides, None where they are in each other's way.

    The texts may be HTML: a tag or an entity is one character, and both sides must have kept the
    tags as they were.
    """
    tags = [_TAG.findall(text) for text in (base, mine, theirs)]
    if not tags[0] == tags[1] == tags[2]:
        return None
    tokens = [_TOKEN.findall(text) for text in (base, mine, theirs)]
    pieces = merge(tokens[0], tokens[1], tokens[2], near=NEAR)
    if any(piece.kind is Kind.CONFLICT for piece in pieces):
        return None
    return "".join("".join(piece.merged) for piece in pieces)


def changes(old: str, new: str) -> list[tuple[str, str]]:
    """Return ("same" | "del" | "ins", text) runs that turn `old` into `new`, for showing.

    Runs of a character or two that happen to be alike inside a change are part of the change.
    """
    found: list[tuple[str, str]] = []
    gone, come = "", ""
    for op in Indel.opcodes(old, new):
        before, after = old[op.src_start : op.src_end], new[op.dest_start : op.dest_end]
        is_edge = op.src_start == 0 or op.src_end == len(old)
        if op.tag == "equal" and (len(before) > 2 or is_edge):
            found += [("del", gone), ("ins", come), ("same", before)]
            gone, come = "", ""
        else:
            gone, come = gone + before, come + after
    found += [("del", gone), ("ins", come)]
    return [(kind, text) for kind, text in found if text]
