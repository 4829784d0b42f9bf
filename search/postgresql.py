"""The index on PostgreSQL: sets of tokens under GIN find the rows, the text itself decides.

A tsvector forgets positions after 16,383 and all but 256 of one token, so a phrase query would miss
what stands late in a long text. Ours holds no positions; what has all tokens of a term is compared
with the text, which GIN's own phrase queries do in the same way and at the same price.
"""

from __future__ import annotations

from textkit.tokens import plain, tokens

from .terms import Term

KEY = "id"
CREATE = [
    "CREATE TABLE {table} (id bigint PRIMARY KEY, head tsvector NOT NULL, body tsvector NOT NULL,"
    " head_words text NOT NULL, body_words text NOT NULL)",
    # Without a list of what is pending: an evening's saves would make each search read it.
    "CREATE INDEX {table}_head ON {table} USING gin (head) WITH (fastupdate = off)",
    "CREATE INDEX {table}_body ON {table} USING gin (body) WITH (fastupdate = off)",
]
PUT = (
    "INSERT INTO {table} (id, head, body, head_words, body_words)"
    " VALUES (%s, array_to_tsvector(%s::text[]), array_to_tsvector(%s::text[]), %s, %s)"
    " ON CONFLICT (id) DO UPDATE SET head = excluded.head, body = excluded.body,"
    " head_words = excluded.head_words, body_words = excluded.body_words"
)
#: A tsvector holds 1 MB. A text of 500,000 characters has fewer pairs than this unless it is junk.
MAX_TOKENS = 100_000


def row(key: int, head: str, body: str) -> tuple[object, ...]:
    """Return the parameters of PUT."""
    return key, _set(head), _set(body), plain(head), plain(body)


def _set(text: str) -> list[str]:
    return list(dict.fromkeys(tokens(text)))[:MAX_TOKENS]


def keys(term: Term, in_head: bool) -> tuple[str, list[object]]:
    """Return the query, and its parameters, for the keys of what holds `term`."""
    columns = ["head"] if in_head else ["head", "body"]
    wheres, params = [], []
    for column in columns:
        where, values = _holds(column, term)
        wheres.append(where)
        params += values
    return f"SELECT id FROM {{table}} WHERE {' OR '.join(wheres)}", params  # noqa: S608


def _holds(column: str, term: Term) -> tuple[str, list[object]]:
    found, is_beginning = term.phrase()
    # A token is letters alone: no quotation mark or sign of the query's grammar is in it.
    query = " & ".join(f"'{token}'" for token in found) + (":*" if is_beginning else "")
    if term.is_one_pair:
        return f"({column} @@ %s::tsquery)", [query]
    return f"({column} @@ %s::tsquery AND strpos({column}_words, %s) > 0)", [query, term.words]
