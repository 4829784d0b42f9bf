"""Who put in what, where a text went through several hands. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby

from .compare import Row
from .compare_chars import Piece


def turned(rows: Iterable[Row]) -> list[Row]:
    """Return the comparison the other way round: what was put in is taken out."""
    other = {"same": "same", "del": "ins", "ins": "del"}
    return [
        replace(
            row,
            old=row.new,
            new=row.old,
            pieces=tuple(replace(piece, op=other[piece.op]) for piece in row.pieces),
        )
        for row in rows
    ]


def who_brought(
    texts: Sequence[Sequence[str]], steps: Sequence[Iterable[Row]], names: Sequence[str]
) -> list[list[str]]:
    """Return for each character of the last text who brought it, "" where the first had it.

    `texts` are the states of one text in order, each as paragraphs; `steps[n]` is the comparison
    of `texts[n]` with the next, and `names[n]` who made it.
    """
    marks = [[""] * len(paragraph) for paragraph in texts[0]]
    for rows, after, name in zip(steps, texts[1:], names, strict=True):
        marks = _carried(marks, rows, after, name)
    return marks


def _carried(
    marks: Sequence[Sequence[str]], rows: Iterable[Row], after: Sequence[str], name: str
) -> list[list[str]]:
    carried = [[name] * len(paragraph) for paragraph in after]
    for row in rows:
        before, line, place = iter(_joined(marks, row.old)), [], 0
        for piece in row.pieces:
            taken = [next(before) for _ in piece.text] if piece.op != "ins" else []
            line += {"same": taken, "ins": [name] * len(piece.text)}.get(piece.op, [])
        for number in row.new if row.kind != "left" else ():
            size = len(after[number])
            carried[number] = line[place : place + size]
            place += size + 1
    return carried


def _joined(marks: Sequence[Sequence[str]], span: range) -> list[str]:
    line: list[str] = []
    for number in span:
        if number != span.start:
            line.append((marks[number] or [""])[0])
        line += marks[number]
    return line


def with_names(
    rows: Iterable[Row], brought: Sequence[Sequence[str]], taken: Sequence[Sequence[str]]
) -> list[Row]:
    """Return `rows` with each insertion and deletion divided by who made it.

    `brought` is `who_brought` of the texts, `taken` that of the texts and their `turned` steps
    in reverse order.
    """
    return [
        replace(row, pieces=tuple(_named(row, _joined(brought, row.new), _joined(taken, row.old))))
        for row in rows
    ]


def _named(row: Row, brought: Sequence[str], taken: Sequence[str]) -> Iterable[Piece]:
    at_old = at_new = 0
    for piece in row.pieces:
        size = len(piece.text)
        if piece.op == "same":
            yield piece
        else:
            marks = brought[at_new:] if piece.op == "ins" else taken[at_old:]
            for name, run in groupby(
                zip(piece.text, marks, strict=False), key=lambda pair: pair[1]
            ):
                yield Piece(piece.op, "".join(char for char, _name in run), name)
        at_old += size if piece.op != "ins" else 0
        at_new += size if piece.op != "del" else 0
