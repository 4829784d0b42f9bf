"""The timeline on PostgreSQL: a scan of the newest rows, then GIN over sets of tokens.

Frequent terms match within the newest few hundred rows; for rare terms the index finds the rows. A
tsvector drops positions after 16,383, so none are stored, and the text itself decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from textkit.tokens import plain, tokens

from .postgresql import MAX_TOKENS
from .terms import Term

if TYPE_CHECKING:
    from .timeline import TimelineQuery

_FILE = "\uf8ff"
#: Number of the newest rows scanned before the index is used.
WINDOW = 1500
KEY = "key"
PUT = (
    "WITH put AS (INSERT INTO {table}_text (key, head_words, words, files) VALUES (%s, %s, %s, %s)"
    " ON CONFLICT (key) DO UPDATE SET head_words = excluded.head_words, words = excluded.words,"
    " files = excluded.files RETURNING key)"
    " INSERT INTO {table} (key, head, body)"
    " SELECT key, array_to_tsvector(%s::text[]), array_to_tsvector(%s::text[]) FROM put"
    " ON CONFLICT (key) DO UPDATE SET head = excluded.head, body = excluded.body"
)
MOVE = "UPDATE {table}_text SET key = %s WHERE key = %s"
REMOVE = "DELETE FROM {table}_text WHERE key = %s"
CLEAR = "DELETE FROM {table}_text"
_WALK = (
    "SELECT key FROM (SELECT * FROM {{table}}_text WHERE key >= %s AND key < %s"
    " ORDER BY key DESC LIMIT {window}) AS newest WHERE {holds} ORDER BY key DESC LIMIT %s"
)
_INDEX = (
    "WITH named AS MATERIALIZED"
    " (SELECT {{table}}_find(%s::tsquery, %s, %s, %s) AS key ORDER BY 1 DESC)"
    " SELECT key FROM named WHERE"
    " (SELECT {holds} FROM {{table}}_text one WHERE one.key = named.key) LIMIT %s"
)


def row(key: int, head: str, text: str, files: Sequence[str]) -> tuple[object, ...]:
    """Return the parameters of PUT."""
    names = [_FILE + name for name in files]
    filed = "".join(f" {name} " for name in names)
    return key, plain(head), plain(text), filed, _set(head, names), _set(text, names)


def _set(text: str, names: Sequence[str]) -> list[str]:
    return [*[*dict.fromkeys(tokens(text))][:MAX_TOKENS], *names]


def queries(
    query: TimelineQuery, in_head: bool, until: int, most: int
) -> Iterator[tuple[str, list[object], Callable[[list[int]], bool]]]:
    """Yield (SQL, parameters, test) for the newest keys below `until`.

    The caller executes them in order until the test accepts the keys found. `most` is the maximum
    number of keys.
    """
    holds, params = _holds(query, in_head)
    span: list[object] = [query.since, until]
    walk = _WALK.format(window=WINDOW, holds=holds)
    yield walk, [*span, *params, most], lambda keys: len(keys) >= most
    found = _INDEX.format(holds=holds)
    yield found, [_tsquery(query), in_head, *span, *params, most], lambda keys: True


def _holds(query: TimelineQuery, in_head: bool) -> tuple[str, list[object]]:
    """Return the SQL condition that a row matches, and its parameters."""
    where = "head_words" if in_head else "words"
    all_of = [f"strpos({where}, %s) > 0" for _term in query.terms]
    words: list[object] = [term.words for term in query.terms]
    if not in_head:
        heads = " AND ".join("strpos(head_words, %s) > 0" for _term in query.terms)
        all_of.append(f"NOT ({heads})")
        words *= 2
    all_of += ["strpos(words, %s) = 0" for _term in query.without]
    words += [term.words for term in query.without]
    for names in query.file_choices:
        all_of.append("(" + " OR ".join("strpos(files, %s) > 0" for _name in names) + ")")
        words += [f" {_FILE}{name} " for name in names]
    return " AND ".join(all_of), words


def _tsquery(query: TimelineQuery) -> str:
    names = [
        "(" + " | ".join(f"'{_FILE}{name}'" for name in names) + ")" for names in query.file_choices
    ]
    # The tokens of a longer term may occur without the term itself.
    without = [f"!({_tokens(term)})" for term in query.without if term.is_one_pair]
    return " & ".join([*(_tokens(term) for term in query.terms), *names, *without])


def _tokens(term: Term) -> str:
    found, is_beginning = term.phrase()
    # Tokens consist of letters only: they contain no quotation mark or operator of the query
    # syntax.
    return " & ".join(f"'{token}'" for token in found) + (":*" if is_beginning else "")
