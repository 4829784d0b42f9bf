"""What changed between two texts, told so that a person can read it. Pure functions.

Paragraphs are paired first (the same, moved, changed, divided or joined), then the characters of
each pair are compared.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import Indel

from .compare_chars import Piece, compare_texts

#: Pairs of characters that more paragraphs have than this say nothing about which one is meant.
_COMMON = 30
_ALIKE, _CONTAINED = 0.3, 0.7


@dataclass(frozen=True, slots=True)
class Row:
    """One paragraph of the comparison, or several where they were divided or joined.

    `kind` is "same", "changed", "added", "removed", "moved" (changed or not), or "left": the place
    that a moved paragraph left, without pieces. `old` and `new` are the paragraphs that it covers;
    the texts of several are joined by line ends. `is_restyled`: the words are the same, the
    markup is not.
    """

    kind: str
    old: range
    new: range
    pieces: tuple[Piece, ...]
    is_restyled: bool = False


Group = tuple[range, range]


def compare_paragraphs(
    old: Sequence[str],
    new: Sequence[str],
    old_marks: Sequence[str] = (),
    new_marks: Sequence[str] = (),
) -> list[Row]:
    """Return the comparison of two texts given as paragraphs, in the order of `new`.

    What was removed stands where it was. A paragraph that stands elsewhere is "moved", even when
    it was changed a little on the way. `old_marks` and `new_marks` are the markup of each
    paragraph in any form that tells one from another.
    """
    groups = _widened(old, new, _pairs(old, new))
    in_place = _in_place(groups, old)
    rows: list[Row] = []
    left = {group[0].start: group for group in groups}
    at_old = at_new = 0
    by_new = {group[1].start: group for group in groups}
    for group in [*in_place, (range(len(old), len(old)), range(len(new), len(new)))]:
        rows += _removed(old, range(at_old, group[0].start), left)
        rows += _added(old, new, range(at_new, group[1].start), by_new)
        if group[0]:
            rows.append(_paired(old, new, group, "changed"))
        at_old, at_new = group[0].stop, group[1].stop
    return [_with_style(row, old_marks, new_marks) for row in rows]


def _removed(old: Sequence[str], span: range, left: dict[int, Group]) -> Iterable[Row]:
    nothing, place = range(0), span.start
    while place < span.stop:
        group = left.get(place)
        if group is None:
            yield Row("removed", range(place, place + 1), nothing, (Piece("del", old[place]),))
            place += 1
        else:
            yield Row("left", group[0], group[1], ())
            place = group[0].stop


def _added(
    old: Sequence[str], new: Sequence[str], span: range, by_new: dict[int, Group]
) -> Iterable[Row]:
    place = span.start
    while place < span.stop:
        group = by_new.get(place)
        if group is None:
            yield Row("added", range(0), range(place, place + 1), (Piece("ins", new[place]),))
            place += 1
        else:
            yield _paired(old, new, group, "moved")
            place = group[1].stop


def _text(paragraphs: Sequence[str], span: range) -> str:
    return "\n".join(paragraphs[span.start : span.stop])


def _paired(old: Sequence[str], new: Sequence[str], group: Group, kind: str) -> Row:
    pieces = compare_texts(_text(old, group[0]), _text(new, group[1]))
    is_same = all(piece.op == "same" for piece in pieces)
    return Row("same" if is_same and kind == "changed" else kind, *group, pieces)


def _with_style(row: Row, old_marks: Sequence[str], new_marks: Sequence[str]) -> Row:
    if row.kind not in {"same", "moved"} or not (old_marks and new_marks):
        return row
    before, after = _text(old_marks, row.old), _text(new_marks, row.new)
    return replace(row, is_restyled=before != after)


def _pairs(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Return for each paragraph of `new` that has one the paragraph of `old` that it was."""
    pairs: dict[int, int] = {}
    for op in Indel.opcodes(list(old), list(new)):
        if op.tag == "equal":
            pairs |= zip(
                range(op.dest_start, op.dest_end), range(op.src_start, op.src_end), strict=True
            )
    known = set(pairs.values())
    free = defaultdict(list)
    for number in reversed(range(len(old))):
        if number not in known:
            free[old[number]].append(number)
    for number, text in enumerate(new):
        if number not in pairs and free[text]:
            pairs[number] = free[text].pop()
    rest = [number for numbers in free.values() for number in numbers]
    return pairs | _similar(old, new, sorted(rest), [n for n in range(len(new)) if n not in pairs])


def _grams(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)} or {text}


def _similar(
    old: Sequence[str], new: Sequence[str], free_old: Sequence[int], free_new: Sequence[int]
) -> dict[int, int]:
    """Pair what is left by the pairs of characters that two paragraphs share, the likest first."""
    grams = {number: _grams(old[number]) for number in free_old}
    index = defaultdict(list)
    for number, mine in grams.items():
        for gram in mine:
            index[gram].append(number)
    found = []
    for number in free_new:
        mine, shared = _grams(new[number]), Counter[int]()
        for gram in mine:
            if len(hits := index.get(gram, ())) <= _COMMON:
                shared.update(hits)
        for other, _count in shared.most_common(3):
            if score := _likeness(mine, grams[other]):
                found.append((-score, abs(number - other), number, other))
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _score, _far, number, other in sorted(found):
        if number not in pairs and other not in taken:
            pairs[number] = other
            taken.add(other)
    return pairs


def _likeness(a: set[str], b: set[str]) -> float:
    """Return from 0 (not alike) to 1 how alike two paragraphs are; a part of the other counts."""
    both = len(a & b)
    alike = 2 * both / (len(a) + len(b))
    if alike >= _ALIKE:
        return alike
    least = min(len(a), len(b))
    return alike if least >= 8 and both >= _CONTAINED * least else 0.0


def _widened(old: Sequence[str], new: Sequence[str], pairs: dict[int, int]) -> list[Group]:
    """Return the pairs as ranges; a neighbour without a pair joins where the other side holds it.

    So a paragraph that was divided, or two that were joined, are one row.
    """
    groups = []
    free_old = set(range(len(old))) - set(pairs.values())
    free_new = set(range(len(new))) - set(pairs)
    for number, other in sorted(pairs.items()):
        before, after = range(other, other + 1), range(number, number + 1)
        if old[other] != new[number]:
            after = _grown(new, after, free_new, _grams(old[other]))
            before = _grown(old, before, free_old, _grams(_text(new, after)))
        groups.append((before, after))
    return groups


def _grown(paragraphs: Sequence[str], span: range, free: set[int], whole: set[str]) -> range:
    start, stop = span.start, span.stop
    while stop in free and _is_within(paragraphs[stop], whole):
        free.discard(stop)
        stop += 1
    while start - 1 in free and _is_within(paragraphs[start - 1], whole):
        free.discard(start - 1)
        start -= 1
    return range(start, stop)


def _is_within(text: str, whole: set[str]) -> bool:
    grams = _grams(text)
    return 2 * len(grams & whole) >= len(grams)


def _in_place(groups: Sequence[Group], old: Sequence[str]) -> list[Group]:
    """Return the groups that did not move: the heaviest sequence in the same order on both sides.

    A Fenwick tree over the old places keeps the best weight that ends before each.
    """
    tree: list[tuple[int, int]] = [(0, -1)] * (len(old) + 2)
    came_from: list[int] = []
    top = (0, -1)
    for number, (before, _after) in enumerate(groups):
        best, place = (0, -1), before.start
        while place > 0:
            best, place = max(best, tree[place]), place - (place & -place)
        came_from.append(best[1])
        mine = (best[0] + 1 + sum(len(old[i]) for i in before), number)
        top, place = max(top, mine), before.start + 1
        while place < len(tree):
            tree[place], place = max(tree[place], mine), place + (place & -place)
    kept, number = [], top[1]
    while number >= 0:
        kept.append(groups[number])
        number = came_from[number]
    return kept[::-1]
