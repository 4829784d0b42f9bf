"""Comparison of two texts for human readers. Pure functions.

Paragraphs are paired first (the same, moved, changed, divided or joined), then the characters of
each pair are compared.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from .compare_chars import CharPiece, compare_texts
from .edits import Edit, edits

#: A bigram that occurs in more paragraphs than this is ignored when pairing them.
_COMMON = 30
_ALIKE, _CONTAINED = 0.3, 0.7
#: Maximum number of pieces shown; later paragraphs are shown as replaced.
MAX_PIECES = 10_000


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One paragraph of the comparison, or several if they were divided or joined.

    `kind` is "same", "changed", "added", "removed", "moved" (changed or not), or "left": the former
    place of a moved paragraph, without pieces. `old` and `new` are the ranges of paragraphs
    covered; the texts of several are joined by newlines. `is_restyled`: the text is the same, the
    markup differs.
    """

    kind: str
    old: range
    new: range
    pieces: tuple[CharPiece, ...]
    is_restyled: bool = False


Group = tuple[range, range]


def compare_paragraphs(
    old: Sequence[str],
    new: Sequence[str],
    old_marks: Sequence[str] = (),
    new_marks: Sequence[str] = (),
) -> list[ComparedRow]:
    """Return the comparison of two texts given as paragraphs, in the order of `new`.

    A removed paragraph appears at its former place. A paragraph at another place is "moved", even
    if it was also changed a little. `old_marks` and `new_marks` hold the markup of each paragraph
    in any form that can be compared.
    """
    groups = _widened(old, new, _pairs(old, new))
    in_place = _in_place(groups, old)
    rows: list[ComparedRow] = []
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


def bounded(rows: Iterable[ComparedRow]) -> Iterator[ComparedRow]:
    """Yield `rows` with about MAX_PIECES pieces at most; later rows are shown as replaced."""
    shown = 0
    for row in rows:
        shown += len(row.pieces)
        yield row if shown <= MAX_PIECES or len(row.pieces) < 3 else _replaced(row)


def _replaced(row: ComparedRow) -> ComparedRow:
    sides = {
        op: "".join(piece.text for piece in row.pieces if piece.op in {"same", op})
        for op in ("del", "ins")
    }
    return replace(row, pieces=tuple(CharPiece(op, text) for op, text in sides.items() if text))


def _removed(old: Sequence[str], span: range, left: dict[int, Group]) -> Iterable[ComparedRow]:
    nothing, place = range(0), span.start
    while place < span.stop:
        group = left.get(place)
        if group is None:
            yield ComparedRow(
                "removed", range(place, place + 1), nothing, (CharPiece("del", old[place]),)
            )
            place += 1
        else:
            yield ComparedRow("left", group[0], group[1], ())
            place = group[0].stop


def _added(
    old: Sequence[str], new: Sequence[str], span: range, by_new: dict[int, Group]
) -> Iterable[ComparedRow]:
    place = span.start
    while place < span.stop:
        group = by_new.get(place)
        if group is None:
            yield ComparedRow(
                "added", range(0), range(place, place + 1), (CharPiece("ins", new[place]),)
            )
            place += 1
        else:
            yield _paired(old, new, group, "moved")
            place = group[1].stop


def _text(paragraphs: Sequence[str], span: range) -> str:
    return "\n".join(paragraphs[span.start : span.stop])


def _paired(old: Sequence[str], new: Sequence[str], group: Group, kind: str) -> ComparedRow:
    pieces = compare_texts(_text(old, group[0]), _text(new, group[1]))
    is_same = all(piece.op == "same" for piece in pieces)
    return ComparedRow("same" if is_same and kind == "changed" else kind, *group, pieces)


def _with_style(
    row: ComparedRow, old_marks: Sequence[str], new_marks: Sequence[str]
) -> ComparedRow:
    if row.kind not in {"same", "moved"} or not (old_marks and new_marks):
        return row
    before, after = _text(old_marks, row.old), _text(new_marks, row.new)
    return replace(row, is_restyled=before != after)


def _pairs(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Return the number of the matching paragraph of `old` by that of `new`."""
    pairs: dict[int, int] = {}
    at_old = at_new = 0
    end = Edit(len(old), len(old), len(new), len(new))
    for edit in [*edits(old, new), end]:
        pairs |= zip(range(at_new, edit.new_start), range(at_old, edit.old_start), strict=True)
        at_old, at_new = edit.old_end, edit.new_end
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
    """Pair the remaining paragraphs by the bigrams that they share, the most similar first."""
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
    """Return the similarity of two sets of bigrams, from 0 to 1; a contained text also counts."""
    both = len(a & b)
    alike = 2 * both / (len(a) + len(b))
    if alike >= _ALIKE:
        return alike
    least = min(len(a), len(b))
    return alike if least >= 8 and both >= _CONTAINED * least else 0.0


def _widened(old: Sequence[str], new: Sequence[str], pairs: dict[int, int]) -> list[Group]:
    """Return the pairs as ranges, extended by unpaired neighbours that the other side contains.

    A divided paragraph, or two joined ones, therefore form one row.
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
    """Return the groups that did not move: the heaviest common subsequence of both sides.

    A Fenwick tree over the old positions holds the best weight that ends before each.
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
    chain, number = [], top[1]
    while number >= 0:
        chain.append(groups[number])
        number = came_from[number]
    return chain[::-1]
