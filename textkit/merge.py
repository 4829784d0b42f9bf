"""Three-way merge of texts, by paragraphs and, inside a paragraph, by characters.

Pure: sequences in, pieces out. A change by one side is taken; an identical change by both sides is
taken once; different changes by both sides are a conflict for the user to resolve.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from .edits import Edit, edits

_TAG = re.compile(r"<[^<>]*>")
_TOKEN = re.compile(r"<[^<>]*>|&[#\w]+;|.", re.DOTALL)
#: Inside a paragraph, changes of both sides closer than this many characters are one conflict.
NEAR = 4


class MergeKind(Enum):
    """Which side changed a piece."""

    SAME = "same"
    MINE = "mine"
    THEIRS = "theirs"
    BOTH = "both"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class MergePiece:
    """A run of the base, and what each side has in its place."""

    kind: MergeKind
    base: tuple[str, ...]
    mine: tuple[str, ...]
    theirs: tuple[str, ...]

    @property
    def merged(self) -> tuple[str, ...]:
        """Return the text that the merge takes; for a conflict, mine."""
        return self.theirs if self.kind is MergeKind.THEIRS else self.mine


@dataclass(frozen=True, slots=True)
class _Hunk:
    start: int
    end: int
    grows: int
    is_mine: bool


def merge(
    base: Sequence[str], mine: Sequence[str], theirs: Sequence[str], near: int = 0
) -> list[MergePiece]:
    """Return the pieces of the merge in order.

    Changes of the two sides that are closer than `near` items of the base are one conflict.
    """
    hunks = sorted(
        [*_hunks(base, mine, True), *_hunks(base, theirs, False)],
        key=lambda hunk: (hunk.start, hunk.end),
    )
    pieces: list[MergePiece] = []
    done, shift = 0, {True: 0, False: 0}

    def cut(kind: MergeKind, start: int, end: int, grows: dict[bool, int]) -> None:
        """Append the run start:end of the base with its form on each side."""
        sides = [
            tuple(text[start + shift[is_mine] : end + shift[is_mine] + grows[is_mine]])
            for text, is_mine in ((mine, True), (theirs, False))
        ]
        if kind is MergeKind.CONFLICT and sides[0] == sides[1]:
            kind = MergeKind.BOTH
        pieces.append(MergePiece(kind, tuple(base[start:end]), sides[0], sides[1]))
        for is_mine in shift:
            shift[is_mine] += grows[is_mine]

    for group in _groups(hunks, near):
        start, end = group[0].start, max(hunk.end for hunk in group)
        if start > done:
            cut(MergeKind.SAME, done, start, {True: 0, False: 0})
        grows = {side: sum(h.grows for h in group if h.is_mine is side) for side in (True, False)}
        cut(_kind(group), start, end, grows)
        done = end
    if done < len(base):
        cut(MergeKind.SAME, done, len(base), {True: 0, False: 0})
    return pieces


def _hunks(base: Sequence[str], other: Sequence[str], is_mine: bool) -> list[_Hunk]:
    """Return the ranges of `base` that `other` changed; adjacent ones are joined."""
    return [
        _Hunk(start, end, (new_end - new_start) - (end - start), is_mine)
        for start, end, new_start, new_end in edits(base, other)
    ]


def _groups(hunks: list[_Hunk], near: int) -> list[list[_Hunk]]:
    """Return the hunks in groups that overlap or are closer than `near`."""
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


def _kind(group: list[_Hunk]) -> MergeKind:
    sides = {hunk.is_mine for hunk in group}
    if len(sides) == 2:
        return MergeKind.CONFLICT
    return MergeKind.MINE if True in sides else MergeKind.THEIRS


def merge_text(base: str, mine: str, theirs: str) -> str | None:
    """Return one text with the changes of both sides, or None if they conflict.

    The texts may be HTML: a tag or an entity counts as one character, and both sides must have left
    the tags unchanged.
    """
    tags = [_TAG.findall(text) for text in (base, mine, theirs)]
    if not tags[0] == tags[1] == tags[2]:
        return None
    tokens = [_TOKEN.findall(text) for text in (base, mine, theirs)]
    pieces = merge(tokens[0], tokens[1], tokens[2], near=NEAR)
    if any(piece.kind is MergeKind.CONFLICT for piece in pieces):
        return None
    return "".join("".join(piece.merged) for piece in pieces)


#: Maximum number of runs shown in all changes together; later texts are shown as replaced.
MAX_SHOWN = 10_000


def bounded(shown: Iterable[list[tuple[str, str]]]) -> Iterator[list[tuple[str, str]]]:
    """Yield the results of `changes` for many texts, with about MAX_SHOWN runs in total."""
    count = 0
    for pieces in shown:
        count += len(pieces)
        yield pieces if count <= MAX_SHOWN or len(pieces) < 3 else _replaced(pieces)


def _replaced(pieces: list[tuple[str, str]]) -> list[tuple[str, str]]:
    sides = {
        op: "".join(text for kind, text in pieces if kind in {"same", op}) for op in ("del", "ins")
    }
    return [(op, text) for op, text in sides.items() if text]


def changes(old: str, new: str) -> list[tuple[str, str]]:
    """Return ("same" | "del" | "ins", text) runs that turn `old` into `new`, for display.

    Equal runs of a character or two inside a change are part of the change.
    """
    found: list[tuple[str, str]] = []
    gone, come, place = "", "", 0
    for edit in [*edits(old, new), Edit(len(old), len(old), len(new), len(new))]:
        same = old[place : edit.old_start]
        if len(same) > 2 or place == 0 or edit.old_start == len(old):
            found += [("del", gone), ("ins", come), ("same", same)]
            gone, come = "", ""
        else:
            gone, come = gone + same, come + same
        gone += old[edit.old_start : edit.old_end]
        come += new[edit.new_start : edit.new_end]
        place = edit.old_end
    found += [("del", gone), ("ins", come)]
    return [(kind, text) for kind, text in found if text]
