"""Differences of two sequences, within limits of memory and time. Pure.

The algorithm needs one bit for each pair of items: two texts of half a megabyte would take 30 GB.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rapidfuzz.distance import Indel

#: Maximum number of pairs of differing items that are compared; beyond it the whole range counts as
#: replaced. It corresponds to two texts of 14,000 characters.
MAX_PAIRS = 200_000_000
#: Maximum number of edits between two texts; with more, the text counts as replaced.
MAX_EDITS = 2_000


class Edit(NamedTuple):
    """A range of the old sequence and the differing range of the new one that replaces it."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int


def edits(old: Sequence[str], new: Sequence[str]) -> list[Edit]:
    """Return the edits that turn `old` into `new`, in order; items between edits are equal."""
    start, most = 0, min(len(old), len(new))
    while start < most and old[start] == new[start]:
        start += 1
    end = 0
    while end < most - start and old[-1 - end] == new[-1 - end]:
        end += 1
    whole = Edit(start, len(old) - end, start, len(new) - end)
    gone, come = whole.old_end - start, whole.new_end - start
    if not gone or not come or gone * come > MAX_PAIRS:
        return [whole] if gone or come else []
    found = _between(old, new, whole)
    return [whole] if len(found) > MAX_EDITS else found


def _between(old: Sequence[str], new: Sequence[str], whole: Edit) -> list[Edit]:
    """Return the edits inside `whole`, with adjacent ones joined."""
    start = whole.old_start
    found, last_old, last_new = [], start, start
    operations = Indel.opcodes(old[start : whole.old_end], new[start : whole.new_end])
    for op in operations:
        if op.tag != "equal":
            continue
        here = Edit(last_old, op.src_start + start, last_new, op.dest_start + start)
        if here.old_end > here.old_start or here.new_end > here.new_start:
            found.append(here)
        last_old, last_new = op.src_end + start, op.dest_end + start
    if last_old < whole.old_end or last_new < whole.new_end:
        found.append(Edit(last_old, whole.old_end, last_new, whole.new_end))
    return found
