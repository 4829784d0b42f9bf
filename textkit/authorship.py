"""Attribution of insertions and deletions in a text with several authors. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby

from .compare import ComparedRow
from .compare_chars import CharPiece


def reverse_comparison(rows: Iterable[ComparedRow]) -> list[ComparedRow]:
    """Return the reverse comparison: insertions and deletions are swapped."""
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


def insertion_authors(
    texts: Sequence[Sequence[str]], steps: Sequence[Iterable[ComparedRow]], names: Sequence[str]
) -> list[list[str]]:
    """Return who inserted each character of the last text, "" for those of the first text.

    `texts` are the states of one text in order, each as paragraphs; `steps[n]` is the comparison of
    `texts[n]` with the next, and `names[n]` its author. The result has one list per paragraph and
    one name per character.
    """
    authors = [[""] * len(paragraph) for paragraph in texts[0]]
    for rows, after, name in zip(steps, texts[1:], names, strict=True):
        authors = _carried(authors, rows, after, name)
    return authors


def _carried(
    authors: Sequence[Sequence[str]], rows: Iterable[ComparedRow], after: Sequence[str], name: str
) -> list[list[str]]:
    carried = [[name] * len(paragraph) for paragraph in after]
    for row in rows:
        before, line, place = iter(_joined(authors, row.old)), [], 0
        for piece in row.pieces:
            unchanged = [next(before) for _ in piece.text] if piece.op != "ins" else []
            line += {"same": unchanged, "ins": [name] * len(piece.text)}.get(piece.op, [])
        for number in row.new if row.kind != "left" else ():
            size = len(after[number])
            carried[number] = line[place : place + size]
            place += size + 1
    return carried


def _joined(authors: Sequence[Sequence[str]], span: range) -> list[str]:
    line: list[str] = []
    for number in span:
        if number != span.start:
            line.append((authors[number] or [""])[0])
        line += authors[number]
    return line


def with_authors(
    rows: Iterable[ComparedRow], inserted: Sequence[Sequence[str]], deleted: Sequence[Sequence[str]]
) -> list[ComparedRow]:
    """Return `rows` with each insertion and deletion divided by its author.

    `inserted` is `insertion_authors` of the texts. `deleted` is that of the texts in reverse order
    and their steps, reversed by `reverse_comparison`.
    """
    return [
        replace(
            row, pieces=tuple(_named(row, _joined(inserted, row.new), _joined(deleted, row.old)))
        )
        for row in rows
    ]


def _named(
    row: ComparedRow, inserted: Sequence[str], deleted: Sequence[str]
) -> Iterable[CharPiece]:
    at_old = at_new = 0
    for piece in row.pieces:
        size = len(piece.text)
        if piece.op == "same":
            yield piece
        else:
            authors, place = (inserted, at_new) if piece.op == "ins" else (deleted, at_old)
            pairs = zip(piece.text, authors[place : place + size], strict=False)
            for name, run in groupby(pairs, key=lambda pair: pair[1]):
                yield CharPiece(piece.op, "".join(char for char, _name in run), name)
        at_old += size if piece.op != "ins" else 0
        at_new += size if piece.op != "del" else 0
