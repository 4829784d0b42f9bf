"""The timeline on SQLite: an FTS5 table whose rowids are the keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from textkit.tokens import tokens

from .terms import Term

if TYPE_CHECKING:
    from .timeline import TimelineQuery

#: Prefixes of the tokens of heads and labels, which separate them from those of the texts.
_HEAD, _FILE = "\uf8fe", "\uf8ff"
KEY = "rowid"
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


def queries(
    query: TimelineQuery, in_head: bool, until: int, most: int
) -> Iterator[tuple[str, list[object], Callable[[list[int]], bool]]]:
    """Yield the one query for the newest keys below `until`: matches in the head, or the others."""
    match = " AND ".join(_phrase(term, _HEAD if in_head else "") for term in query.terms)
    for names in query.file_choices:
        match += " AND (" + " OR ".join(f'"{_FILE}{name}"' for name in names) + ")"
    unwanted = [_phrase(term) for term in query.without]
    if not in_head:
        heads = " AND ".join(_phrase(term, _HEAD) for term in query.terms)
        unwanted.append(f"({heads})")
    for one in unwanted:
        match = f"({match}) NOT {one}"
    yield _FIND, [match, query.since, until, most], lambda keys: True


def _phrase(term: Term, prefix: str = "") -> str:
    found, is_beginning = term.phrase()
    # Tokens consist of letters only: they contain no operator of the query syntax.
    return f'"{_written(found, prefix)}"' + (" *" if is_beginning else "")
