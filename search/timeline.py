"""Full-text index ordered by time, which finds the newest matches without sorting all.

A row's key combines its time and the object's number, so a search walks from the newest row and
stops when a page is full. An object with the terms in its head (headline, names, tags) ranks as if
it were `HEAD_START` newer: relevance and freshness in one number, which is the same on every page
of the results.
"""

from __future__ import annotations

import datetime as dt
import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from . import timeline_postgresql, timeline_sqlite
from .index import vendor_of
from .terms import Term

_VENDORS: dict[str, Any] = {"sqlite": timeline_sqlite, "postgresql": timeline_postgresql}
_BEGIN = dt.datetime(1900, 1, 1, tzinfo=dt.UTC)
#: A key holds the time in seconds, shifted by this many bits, and the object's number.
_BITS = 30
#: The largest key, which both databases accept as a parameter.
LATEST = 2**63 - 1
HEAD_START = dt.timedelta(days=365)


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """The indexed data of one object: key, head, full text, and the labels it is filed under."""

    key: int
    head: str
    text: str
    files: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class TimelineQuery:
    """A search: required terms, excluded terms, and labels.

    An entry of `files` that is a list matches any of its labels. Keys lie from `since` to before
    `until`.
    """

    terms: Sequence[Term]
    without: Sequence[Term] = ()
    files: Sequence[str | Sequence[str]] = ()
    since: int = 0
    until: int = LATEST

    @property
    def file_choices(self) -> list[Sequence[str]]:
        """Return each entry of `files` as a list of labels."""
        return [[one] if isinstance(one, str) else one for one in self.files]


@dataclass(frozen=True, slots=True)
class TimelineResult:
    """One page of results: the objects' numbers in order, and the next offset, or 0."""

    numbers: list[int] = field(default_factory=list)
    next: int = 0


def key_at(at: dt.datetime, number: int = 0) -> int:
    """Return the key of the object `number` at a time; with 0 the first key of that second."""
    seconds = max(0, int((at - _BEGIN).total_seconds()))
    return min(seconds << _BITS | number & (1 << _BITS) - 1, LATEST)


def number_of(key: int) -> int:
    """Return the object's number in a key."""
    return key & (1 << _BITS) - 1


class Timeline:
    """The index `name`, in the table search_<name>, which a migration creates and drops."""

    def __init__(self, name: str) -> None:
        assert name.isidentifier(), "the name becomes a part of SQL"
        self.table = f"search_{name}"

    def _run(self, connection: Any, statements: Sequence[str]) -> None:
        with connection.cursor() as cursor:
            for sql in statements:
                cursor.execute(sql.format(table=self.table))

    def put(self, rows: Iterable[TimelineRow], *, using: str = DEFAULT_DB_ALIAS) -> None:
        """Write rows, replacing existing ones with the same keys."""
        vendor = _vendor(connections[using])
        self._many(
            vendor.PUT, [vendor.row(one.key, one.head, one.text, one.files) for one in rows], using
        )

    def move(self, keys: Iterable[tuple[int, int]], *, using: str = DEFAULT_DB_ALIAS) -> None:
        """Change keys, given as (old, new) pairs."""
        self._many(_vendor(connections[using]).MOVE, [(new, old) for old, new in keys], using)

    def remove(self, keys: Iterable[int], *, using: str = DEFAULT_DB_ALIAS) -> None:
        """Remove the rows of `keys`."""
        self._many(_vendor(connections[using]).REMOVE, [(key,) for key in keys], using)

    def _many(self, sql: str, rows: Sequence[Sequence[Any]], using: str) -> None:
        if rows:
            with connections[using].cursor() as cursor:
                cursor.executemany(sql.format(table=self.table), rows)

    def clear(self, *, using: str = DEFAULT_DB_ALIAS) -> None:
        """Remove all rows."""
        self._run(connections[using], [_vendor(connections[using]).CLEAR])

    def keys(self, *, using: str = DEFAULT_DB_ALIAS) -> set[int]:
        """Return the keys of all rows."""
        connection = connections[using]
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {_vendor(connection).KEY} FROM {self.table}")  # noqa: S608
            return {key for (key,) in cursor.fetchall()}

    def is_empty(self, *, using: str = DEFAULT_DB_ALIAS) -> bool:
        """Return whether the index has no rows."""
        with connections[using].cursor() as cursor:
            cursor.execute(f"SELECT 1 FROM {self.table} LIMIT 1")  # noqa: S608
            return cursor.fetchone() is None

    def find(
        self, query: TimelineQuery, *, size: int, before: int = 0, using: str = DEFAULT_DB_ALIAS
    ) -> TimelineResult:
        """Return the `size` best results that rank below `before` (0: the best of all)."""
        if not query.terms or _contradicts_itself(query):
            return TimelineResult()
        start = int(HEAD_START.total_seconds()) << _BITS
        ranks: list[list[int]] = []
        for in_head, ahead in ((True, start), (False, 0)):
            until = min(query.until, before - ahead) if before else query.until
            keys = self._newest(query, in_head, until, size + 1, using) if until > 0 else []
            ranks.append([key + ahead for key in keys])
        best = list(heapq.merge(*ranks, reverse=True))[: size + 1]
        numbers = [number_of(rank) for rank in best[:size]]
        return TimelineResult(numbers, best[size - 1] if len(best) > size else 0)

    def _newest(
        self, query: TimelineQuery, in_head: bool, until: int, most: int, using: str
    ) -> list[int]:
        connection = connections[using]
        asked = _vendor(connection).queries(query, in_head, until, most)
        with connection.cursor() as cursor:
            for sql, params, is_enough in asked:
                cursor.execute(sql.format(table=self.table), params)
                keys = [key for (key,) in cursor.fetchall()]
                if is_enough(keys):
                    break
        return keys


def _contradicts_itself(query: TimelineQuery) -> bool:
    """Return whether an excluded term is part of a required one, so that nothing matches."""
    return any(no.words in term.words for no in query.without for term in query.terms)


def _vendor(connection: Any) -> Any:
    return vendor_of(connection, _VENDORS)
