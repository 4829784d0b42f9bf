"""Full-text index of bigrams, with the same interface on SQLite and PostgreSQL.

An index is a table with one row for each object, under the object's key: its head (the text that a
list shows) and its body. The app that owns the objects writes the rows in the transaction that
changes them, and searches with `Story.objects.filter(INDEX.holds(term))`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import BooleanField, F, Func

from . import postgresql, sqlite
from .terms import Term

_VENDORS: dict[str, Any] = {"sqlite": sqlite, "postgresql": postgresql}


class NotSupported(Exception):
    """The database vendor has no full-text index."""


@dataclass(frozen=True, slots=True)
class Document:
    """The indexed text of one object: key, and plain text of head and body."""

    key: int
    head: str
    body: str


def vendor_of(connection: Any, vendors: Mapping[str, Any] = _VENDORS) -> Any:
    """Return the module for the vendor of `connection`. Raises NotSupported."""
    try:
        return vendors[connection.vendor]
    except KeyError as error:
        raise NotSupported(connection.vendor) from error


class Index:
    """The index `name`, in the table search_<name>, which a migration creates and drops."""

    def __init__(self, name: str) -> None:
        assert name.isidentifier(), "the name becomes a part of SQL"
        self.table = f"search_{name}"

    def put(self, documents: Iterable[Document], *, using: str = DEFAULT_DB_ALIAS) -> None:
        """Write the rows of `documents`, replacing existing ones."""
        connection = connections[using]
        vendor = vendor_of(connection)
        rows = [vendor.row(one.key, one.head, one.body) for one in documents]
        with connection.cursor() as cursor:
            cursor.executemany(vendor.PUT.format(table=self.table), rows)

    def remove(self, key: int, *, using: str = DEFAULT_DB_ALIAS) -> None:
        """Remove one object."""
        connection = connections[using]
        column = vendor_of(connection).KEY
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {self.table} WHERE {column} = %s", [key])  # noqa: S608

    def clear(self, *, using: str = DEFAULT_DB_ALIAS) -> None:
        """Remove all rows."""
        with connections[using].cursor() as cursor:
            cursor.execute(f"DELETE FROM {self.table}")  # noqa: S608

    def holds(
        self, term: Term, *, in_head: bool = False, key: str = "pk", using: str = DEFAULT_DB_ALIAS
    ) -> ContainsTerms:
        """Return the condition that the object, or with `in_head` its head, contains `term`.

        `key` names the field with the index's key in the queried rows.
        """
        sql, params = vendor_of(connections[using]).holds(term, in_head)
        return ContainsTerms(self.table, sql, params, key)


class ContainsTerms(Func):
    """Whether the object of a key contains a term; usable in `filter` directly or in a `Q`.

    The key is hidden from the query planners (+ 0): frequent terms are found fastest by scanning
    the rows in their order, where both databases would otherwise fetch and sort all matches of the
    index.
    """

    output_field = BooleanField()

    def __init__(self, table: str, sql: str, params: Sequence[object], key: str) -> None:
        super().__init__(F(key))
        self.table, self.sql, self.params = table, sql, params

    def as_sql(self, compiler: Any, connection: Any, *_args: Any, **_extra: Any) -> Any:
        """Return the condition with the key's column inserted."""
        column, _none = compiler.compile(self.source_expressions[0])
        return self.sql.format(table=self.table, key=f"({column} + 0)"), list(self.params)
