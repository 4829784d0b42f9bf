"""Comparison of two lines of text by characters. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .edits import Edit, edits

#: One Han character, punctuation mark or blank with its combining characters; a Latin word or
#: number is one token.
_TOKEN = re.compile(
    r"[0-9A-Za-z]+(?:[.,:/'’\-][0-9A-Za-z]+)*%?"
    r"|.[\u0300-\u036f\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef]*",
    re.DOTALL,
)
_SENTENCE_ENDS, _CLAUSE_ENDS = frozenset("。！？；…\n.!?;"), frozenset("，、：）”》,:) ")


@dataclass(frozen=True, slots=True)
class CharPiece:
    """A run of text; `op` is "same", "del" or "ins"; `by` names the author, if known."""

    op: str
    text: str
    by: str = ""


Change = tuple[int, int, int, int]


def compare_texts(old: str, new: str) -> tuple[CharPiece, ...]:
    """Return the pieces that lead from `old` to `new`.

    The "same" and "del" pieces give `old`, the "same" and "ins" pieces `new`. If little of the old
    text is left, the result is one deletion and one insertion, so that a rewritten sentence is not
    split into single characters.
    """
    if old == new:
        return (CharPiece("same", old),) if old else ()
    a, b = _TOKEN.findall(old), _TOKEN.findall(new)
    done, end_a = 0, len(a)
    pieces: list[CharPiece] = []
    for a0, a1, b0, b1 in _changes(a, b):
        pieces += _pieces("same", a[done:a0]) + _pieces("del", a[a0:a1]) + _pieces("ins", b[b0:b1])
        done = a1
    pieces += _pieces("same", a[done:end_a])
    return tuple(pieces)


def _pieces(op: str, tokens: Sequence[str]) -> list[CharPiece]:
    return [CharPiece(op, "".join(tokens))] if tokens else []


def _changes(a: Sequence[str], b: Sequence[str]) -> list[Change]:
    """Return the ranges of tokens of `a` and `b` that differ, joined and shifted for reading."""
    raw = edits(a, b)
    if not raw:
        return []
    start, end = raw[0].old_start, raw[-1].old_end
    whole = Edit(start, end, raw[0].new_start, raw[-1].new_end)
    changes = _tidy(raw)
    same = end - start - sum(a1 - a0 for a0, a1, _b0, _b1 in changes)
    if len(changes) > 2 and same * 4 < min(whole.old_end, whole.new_end) - start:
        return [whole]
    return _slid(a, b, changes)


def _size(change: Change) -> int:
    return max(change[1] - change[0], change[3] - change[2])


def _tidy(changes: Iterable[Change]) -> list[Change]:
    """Join changes if the text between them is not longer than the changes themselves."""
    merged: list[Change] = []
    for change in changes:
        joined = change
        while merged and joined[0] - merged[-1][1] <= min(_size(merged[-1]), _size(joined)):
            before = merged.pop()
            joined = (before[0], joined[1], before[2], joined[3])
        merged.append(joined)
    return merged


def _slid(a: Sequence[str], b: Sequence[str], changes: Sequence[Change]) -> list[Change]:
    """Shift pure insertions and deletions so that they begin at a sentence or clause."""
    done: list[Change] = []
    for number, (a0, a1, b0, b1) in enumerate(changes):
        before = done[-1] if done else (0, 0, 0, 0)
        after = changes[number + 1] if number + 1 < len(changes) else (len(a), 0, len(b), 0)
        if a0 == a1:
            shift = _best_shift(b, (b0, b1), before[3], after[2])
        elif b0 == b1:
            shift = _best_shift(a, (a0, a1), before[1], after[0])
        else:
            shift = 0
        done.append((a0 + shift, a1 + shift, b0 + shift, b1 + shift))
    return done


def _best_shift(tokens: Sequence[str], span: tuple[int, int], least: int, most: int) -> int:
    start, end = span
    while start > least and tokens[start - 1] == tokens[end - 1]:
        start, end = start - 1, end - 1
    best, score = start, _boundary(tokens, start)
    while end < most and tokens[start] == tokens[end]:
        start, end = start + 1, end + 1
        if _boundary(tokens, start) > score:
            best, score = start, _boundary(tokens, start)
    return best - span[0] if score else 0


def _boundary(tokens: Sequence[str], place: int) -> int:
    if place == 0 or tokens[place - 1] in _SENTENCE_ENDS:
        return 2
    return int(tokens[place - 1] in _CLAUSE_ENDS)


def compare_items(old: Sequence[str], new: Sequence[str]) -> tuple[CharPiece, ...]:
    """Return the pieces that lead from one list to another; items are not divided."""
    pieces: list[CharPiece] = []
    place = 0
    for a0, a1, b0, b1 in edits(old, new):
        pieces += [CharPiece("same", item) for item in old[place:a0]]
        pieces += [CharPiece("del", item) for item in old[a0:a1]]
        pieces += [CharPiece("ins", item) for item in new[b0:b1]]
        place = a1
    return (*pieces, *(CharPiece("same", item) for item in old[place:]))
