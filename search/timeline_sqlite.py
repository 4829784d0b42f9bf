"""The timeline on SQLite: an FTS5 table whose row numbers are the keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from textkit.tokens import tokens

from .terms import Term

if TYPE_CHECKING:
    from .timeline import Query

#: Before the tokens of heads and files, so that a walk along them passes by those of the texts.
_HEAD, _FILE = "\uf8fe", "\uf8ff"
KEY = "rowid"
CREATE = [
    "CREATE VIRTUAL TABLE {table} USING fts5(head, body, files, tokenize = 'ascii', columnsize = 0)"
]
DROP = ["DROP TABLE {table}"]
PUT = "INSERT OR REPLACE INTO {table} (rowid, head, body, files) VALUES (%s, %s, %s, %s)"
MOVE = "UPDATE {table} SET rowid = %s WHERE rowid = %s"
REMOVE = "DELETE FROM {table} WHERE rowid = %s"
CLEAR = "DELETE FROM {table}"
_FIND = (
    "SELECT rowid FROM {table} WHERE {table} MATCH %s AND rowid >= %s AND rowid < %s"
    " ORDER BY rowid DESC LIMIT %s"
)


def row(key: int, head: str, text: str, files: Sequence[str]) -> tuple[object, ...]:
    """Return the parameters of PUT."""
    return key, _written(tokens(head), _HEAD), _written(tokens(text)), _written(files, _FILE)


def _written(found: Sequence[str], prefix: str = "") -> str:
    return " ".join(prefix + token for token in found)


def questions(
    query: Query, in_head: bool, until: int, most: int
) -> Iterator[tuple[str, list[object], Callable[[list[int]], bool]]]:
    """Yield the one question for the newest keys below `until`: of the heads, or of the rest."""
    match = " AND ".join(_phrase(term, _HEAD if in_head else "") for term in query.terms)
    for name in query.files:
        match += f' AND "{_FILE}{name}"'
    unwanted = [_phrase(term) for term in query.without]
    if not in_head:
        heads = " AND ".join(_phrase(term, _HEAD) for term in query.terms)
        unwanted.append(f"({heads})")
    for one in unwanted:
        match = f"({match}) NOT {one}"
    yield _FIND, [match, query.since, until, most], lambda keys: True


def _phrase(term: Term, prefix: str = "") -> str:
    found, is_beginning = term.phrase()
    # A token is letters alone: no sign of the query's grammar is in it.
    return f'"{_written(found, prefix)}"' + (" *" if is_beginning else "")
