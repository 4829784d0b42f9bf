"""The index on PostgreSQL: GIN over sets of tokens finds candidates, the text itself decides.

A tsvector drops positions after 16,383 and all but 256 of one token, so a phrase query would miss
matches late in a long text. This index stores no positions; rows with all tokens of a term are
compared with the text, which GIN's own phrase queries do in the same way and at the same cost.
"""

from __future__ import annotations

from textkit.tokens import plain, tokens

from .terms import Term

KEY = "id"
PUT = (
    "INSERT INTO {table} (id, head, body, head_words, body_words)"
    " VALUES (%s, array_to_tsvector(%s::text[]), array_to_tsvector(%s::text[]), %s, %s)"
    " ON CONFLICT (id) DO UPDATE SET head = excluded.head, body = excluded.body,"
    " head_words = excluded.head_words, body_words = excluded.body_words"
)
#: A tsvector holds 1 MB. A text of 500,000 characters has fewer bigrams than this unless it is
#: junk.
MAX_TOKENS = 100_000


def row(key: int, head: str, body: str) -> tuple[object, ...]:
    """Return the parameters of PUT."""
    return key, _set(head), _set(body), plain(head), plain(body)


def _set(text: str) -> list[str]:
    return list(dict.fromkeys(tokens(text)))[:MAX_TOKENS]


def holds(term: Term, in_head: bool) -> tuple[str, list[object]]:
    """Return the SQL condition that the row of {key} contains `term`, and its parameters."""
    found, is_beginning = term.phrase()
    # Tokens consist of letters only: they contain no quotation mark or operator of the query
    # syntax.
    query = " & ".join(f"'{token}'" for token in found) + (":*" if is_beginning else "")
    sql = "{key} IN (SELECT {table}_find(%s::tsquery, %s))"
    if term.is_one_pair:
        return sql, [query, in_head]
    # A scalar subquery makes PostgreSQL compare the text after the index and row by row, so a page
    # of the newest results reads few rows.
    texts = ["head_words"] if in_head else ["head_words", "body_words"]
    same = " OR ".join(f"strpos({text}, %s) > 0" for text in texts)
    exact = f"(SELECT {same} FROM {{table}} _row WHERE _row.id = {{key}})"  # noqa: S608
    return f"({sql} AND {exact})", [query, in_head, *[term.words] * len(texts)]
