"""The index on PostgreSQL: sets of tokens under GIN find the rows, the text itself decides.

A tsvector forgets positions after 16,383 and all but 256 of one token, so a phrase query would miss
what stands late in a long text. Ours holds no positions; what has all tokens of a term is compared
with the text, which GIN's own phrase queries do in the same way and at the same price.
"""

from __future__ import annotations

from textkit.tokens import plain, tokens

from .terms import Term

KEY = "id"
#: A function, for its own settings: what many articles hold the planner would look for in each row,
#: unpacking 20,000 tsvectors, where the index alone knows the answer in a hundredth of the time.
FIND = (
    "CREATE OR REPLACE FUNCTION {table}_find(wanted tsquery, in_head boolean) RETURNS SETOF bigint"
    " LANGUAGE sql STABLE ROWS 1000 SET enable_seqscan = off AS"
    " 'SELECT id FROM {table} WHERE head @@ wanted"
    " UNION ALL SELECT id FROM {table} WHERE body @@ wanted AND NOT in_head'"
)
CREATE = [
    "CREATE TABLE {table} (id bigint PRIMARY KEY, head tsvector NOT NULL, body tsvector NOT NULL,"
    " head_words text NOT NULL, body_words text NOT NULL)",
    # Without a list of what is pending: an evening's saves would make each search read it.
    "CREATE INDEX {table}_head ON {table} USING gin (head) WITH (fastupdate = off)",
    "CREATE INDEX {table}_body ON {table} USING gin (body) WITH (fastupdate = off)",
    FIND,
]
DROP = ["DROP FUNCTION {table}_find", "DROP TABLE {table}"]
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


def holds(term: Term, in_head: bool) -> tuple[str, list[object]]:
    """Return the condition, and its parameters, that the row of {key} holds `term`."""
    found, is_beginning = term.phrase()
    # A token is letters alone: no quotation mark or sign of the query's grammar is in it.
    query = " & ".join(f"'{token}'" for token in found) + (":*" if is_beginning else "")
    sql = "{key} IN (SELECT {table}_find(%s::tsquery, %s))"
    if term.is_one_pair:
        return sql, [query, in_head]
    # After the index, and row by row, which a scalar subquery makes sure of: a page of the newest
    # looks at few.
    texts = ["head_words"] if in_head else ["head_words", "body_words"]
    same = " OR ".join(f"strpos({text}, %s) > 0" for text in texts)
    exact = f"(SELECT {same} FROM {{table}} _row WHERE _row.id = {{key}})"  # noqa: S608
    return f"({sql} AND {exact})", [query, in_head, *[term.words] * len(texts)]
