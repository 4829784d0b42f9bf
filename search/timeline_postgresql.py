"""The timeline on PostgreSQL: first a walk through the newest rows, then GIN over sets of tokens.

What many hold is found in the newest few hundred; for what few hold the index names the rows. A
tsvector forgets positions after 16,383, so ours hold none, and the text itself decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from textkit.tokens import plain, tokens

from .postgresql import MAX_TOKENS
from .terms import Term

if TYPE_CHECKING:
    from .timeline import Query

_FILE = "\uf8ff"
#: So many of the newest are read before the index is asked.
WINDOW = 1500
KEY = "key"
CREATE = [
    "CREATE TABLE {table}_text (key bigint PRIMARY KEY, head_words text NOT NULL,"
    " words text NOT NULL, files text NOT NULL)",
    # Apart from the texts and with the tokens out of line: what the index names is read in rows of
    # seventy bytes, a hundred to a page.
    "CREATE TABLE {table} (key bigint PRIMARY KEY"
    " REFERENCES {table}_text ON DELETE CASCADE ON UPDATE CASCADE,"
    " head tsvector NOT NULL, body tsvector NOT NULL) WITH (toast_tuple_target = 128)",
    "ALTER TABLE {table} ALTER head SET STORAGE EXTERNAL, ALTER body SET STORAGE EXTERNAL",
    "CREATE INDEX {table}_head ON {table} USING gin (head) WITH (fastupdate = off)",
    "CREATE INDEX {table}_body ON {table} USING gin (body) WITH (fastupdate = off)",
    # Of its own settings: else the planner reads every row's tokens where many hold a term.
    "CREATE FUNCTION {table}_find(wanted tsquery, in_head boolean, low bigint, high bigint)"
    " RETURNS SETOF bigint LANGUAGE sql STABLE ROWS 1000"
    " SET enable_seqscan = off SET enable_indexscan = off AS"
    " 'SELECT key FROM {table} WHERE in_head AND head @@ wanted AND key >= low AND key < high"
    " UNION ALL"
    " SELECT key FROM {table} WHERE NOT in_head AND body @@ wanted AND key >= low AND key < high'",
]
DROP = ["DROP FUNCTION {table}_find", "DROP TABLE {table}", "DROP TABLE {table}_text"]
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


def questions(
    query: Query, in_head: bool, until: int, most: int
) -> Iterator[tuple[str, list[object], Callable[[list[int]], bool]]]:
    """Yield the questions for the newest keys below `until`, until one is answered enough."""
    holds, params = _holds(query, in_head)
    span: list[object] = [query.since, until]
    walk = _WALK.format(window=WINDOW, holds=holds)
    yield walk, [*span, *params, most], lambda keys: len(keys) >= most
    found = _INDEX.format(holds=holds)
    yield found, [_tsquery(query), in_head, *span, *params, most], lambda keys: True


def _holds(query: Query, in_head: bool) -> tuple[str, list[object]]:
    """Return the condition that a row itself is found, and its parameters."""
    where = "head_words" if in_head else "words"
    all_of = [f"strpos({where}, %s) > 0" for _term in query.terms]
    words: list[object] = [term.words for term in query.terms]
    if not in_head:
        heads = " AND ".join("strpos(head_words, %s) > 0" for _term in query.terms)
        all_of.append(f"NOT ({heads})")
        words *= 2
    all_of += ["strpos(words, %s) = 0" for _term in query.without]
    all_of += ["strpos(files, %s) > 0" for _name in query.files]
    words += [term.words for term in query.without]
    words += [f" {_FILE}{name} " for name in query.files]
    return " AND ".join(all_of), words


def _tsquery(query: Query) -> str:
    names = [f"'{_FILE}{name}'" for name in query.files]
    # Of a longer term the tokens may be there without it.
    without = [f"!({_tokens(term)})" for term in query.without if term.is_one_pair]
    return " & ".join([*(_tokens(term) for term in query.terms), *names, *without])


def _tokens(term: Term) -> str:
    found, is_beginning = term.phrase()
    # A token is letters alone: no quotation mark or sign of the query's grammar is in it.
    return " & ".join(f"'{token}'" for token in found) + (":*" if is_beginning else "")
