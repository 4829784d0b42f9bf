"""What changed between two lines of text, by characters and not by words. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel

#: One Han character, mark or blank with what is joined to it; a Latin word or number is not cut.
_TOKEN = re.compile(
    r"[0-9A-Za-z]+(?:[.,:/'’\-][0-9A-Za-z]+)*%?"
    r"|.[\u0300-\u036f\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef]*",
    re.DOTALL,
)
#: Comparing takes memory of a bit for each pair of characters: larger pairs are told as replaced.
_MOST_PAIRS = 500_000_000
_SENTENCE_ENDS, _CLAUSE_ENDS = frozenset("。！？；…\n.!?;"), frozenset("，、：）”》,:) ")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text: `op` is "same", "del" or "ins"; `by` names who, where that is known."""

    op: str
    text: str
    by: str = ""


Change = tuple[int, int, int, int]


def compare_texts(old: str, new: str) -> tuple[Piece, ...]:
    """Return the pieces that lead from `old` to `new`: same and del give `old`, same and ins `new`.

    Where little is left of the old text, it is one deletion and one insertion: a rewritten
    sentence is not torn into single characters.
    """
    if old == new:
        return (Piece("same", old),) if old else ()
    a, b = _TOKEN.findall(old), _TOKEN.findall(new)
    kept, end_a = 0, len(a)
    pieces: list[Piece] = []
    for a0, a1, b0, b1 in _changes(a, b):
        pieces += _pieces("same", a[kept:a0]) + _pieces("del", a[a0:a1]) + _pieces("ins", b[b0:b1])
        kept = a1
    pieces += _pieces("same", a[kept:end_a])
    return tuple(pieces)


def _pieces(op: str, tokens: Sequence[str]) -> list[Piece]:
    return [Piece(op, "".join(tokens))] if tokens else []


def _changes(a: Sequence[str], b: Sequence[str]) -> list[Change]:
    """Return the ranges of tokens of `a` and `b` that differ, tidied for reading."""
    start, most = 0, min(len(a), len(b))
    while start < most and a[start] == b[start]:
        start += 1
    end = 0
    while end < most - start and a[-1 - end] == b[-1 - end]:
        end += 1
    whole = (start, len(a) - end, start, len(b) - end)
    if (whole[1] - start) * (whole[3] - start) > _MOST_PAIRS:
        return [whole]
    changes = _tidy(_raw_changes(a, b, whole))
    same = whole[1] - start - sum(a1 - a0 for a0, a1, _b0, _b1 in changes)
    if len(changes) > 2 and same * 4 < min(whole[1], whole[3]) - start:
        return [whole]
    return _slid(a, b, changes)


def _raw_changes(a: Sequence[str], b: Sequence[str], whole: Change) -> list[Change]:
    a0, a1, b0, b1 = whole
    changes, last = [], (a0, b0)
    for op in Indel.opcodes(a[a0:a1], b[b0:b1]):
        if op.tag == "equal":
            here = (op.src_start + a0, op.dest_start + b0)
            if here != last:
                changes.append((last[0], here[0], last[1], here[1]))
            last = (op.src_end + a0, op.dest_end + b0)
    if last != (a1, b1):
        changes.append((last[0], a1, last[1], b1))
    return changes


def _size(change: Change) -> int:
    return max(change[1] - change[0], change[3] - change[2])


def _tidy(changes: Iterable[Change]) -> list[Change]:
    """Join changes with no more between them than they themselves are: no confetti."""
    kept: list[Change] = []
    for change in changes:
        joined = change
        while kept and joined[0] - kept[-1][1] <= min(_size(kept[-1]), _size(joined)):
            before = kept.pop()
            joined = (before[0], joined[1], before[2], joined[3])
        kept.append(joined)
    return kept


def _slid(a: Sequence[str], b: Sequence[str], changes: Sequence[Change]) -> list[Change]:
    """Shift what was only put in, or only taken out, so that it begins at a sentence or clause."""
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


def compare_items(old: Sequence[str], new: Sequence[str]) -> tuple[Piece, ...]:
    """Return the pieces that lead from one list to another, each item whole."""
    pieces: list[Piece] = []
    for op in Indel.opcodes(list(old), list(new)):
        if op.tag == "equal":
            pieces += [Piece("same", item) for item in old[op.src_start : op.src_end]]
        else:
            taken = [Piece("del", item) for item in old[op.src_start : op.src_end]]
            put = [Piece("ins", item) for item in new[op.dest_start : op.dest_end]]
            while taken and pieces and pieces[-1].op == "ins":
                put.insert(0, pieces.pop())
            pieces += taken + put
    return tuple(pieces)
