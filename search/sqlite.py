"""The index on SQLite: an FTS5 table of tokens, whose phrases are exact at any length."""

from __future__ import annotations

from textkit.tokens import bigrams

from .terms import Term

KEY = "rowid"
PUT = "INSERT OR REPLACE INTO {table} (rowid, head, body) VALUES (%s, %s, %s)"


def row(key: int, head: str, body: str) -> tuple[object, ...]:
    """Return the parameters of PUT."""
    return key, bigrams(head), bigrams(body)


def holds(term: Term, in_head: bool) -> tuple[str, list[object]]:
    """Return the SQL condition that the row of {key} contains `term`, and its parameters."""
    found, is_beginning = term.phrase()
    match = f'"{" ".join(found)}"' + (" *" if is_beginning else "")
    sql = "{key} IN (SELECT rowid FROM {table} WHERE {table} MATCH %s)"
    return sql, ["{head} : " + match if in_head else match]
