"""A full-text index over pairs of characters, the same on SQLite and PostgreSQL.

One index is one table with a row for each thing, under the thing's own key: its head (what a list
shows) and its body. Whoever owns the things writes the rows in the transaction of the thing itself
and asks for keys: `Story.objects.filter(pk__in=INDEX.keys(term))`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models.expressions import RawSQL

from . import postgresql, sqlite
from .terms import Term

_VENDORS: dict[str, Any] = {"sqlite": sqlite, "postgresql": postgresql}


class NotSupported(Exception):
    """There is no full-text index for this kind of database."""


@dataclass(frozen=True, slots=True)
class Document:
    """What is found of one thing: its key, the plain text of its head and of its body."""

    key: int
    head: str
    body: str


def vendor_of(connection: Any) -> Any:
    """Return the module that writes for this database. Raises NotSupported."""
    try:
        return _VENDORS[connection.vendor]
    except KeyError as error:
        raise NotSupported(connection.vendor) from error


class Index:
    """The index `name`, in the table search_<name>; a migration makes and drops it."""

    def __init__(self, name: str) -> None:
        assert name.isidentifier(), "the name becomes a part of SQL"
        self.table = f"search_{name}"

    def create(self, connection: Any) -> None:
        """Make the table."""
        with connection.cursor() as cursor:
            for sql in vendor_of(connection).CREATE:
                cursor.execute(sql.format(table=self.table))

    def drop(self, connection: Any) -> None:
        """Drop the table."""
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE {self.table}")

    def put(self, documents: Iterable[Document], *, using: str = DEFAULT_DB_ALIAS) -> None:
        """Write the rows of `documents`, over what stood there for them."""
        connection = connections[using]
        vendor = vendor_of(connection)
        rows = [vendor.row(one.key, one.head, one.body) for one in documents]
        with connection.cursor() as cursor:
            cursor.executemany(vendor.PUT.format(table=self.table), rows)

    def remove(self, key: int, *, using: str = DEFAULT_DB_ALIAS) -> None:
        """Forget one thing."""
        connection = connections[using]
        column = vendor_of(connection).KEY
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {self.table} WHERE {column} = %s", [key])  # noqa: S608

    def clear(self, *, using: str = DEFAULT_DB_ALIAS) -> None:
        """Forget everything."""
        with connections[using].cursor() as cursor:
            cursor.execute(f"DELETE FROM {self.table}")  # noqa: S608

    def keys(self, term: Term, *, in_head: bool = False, using: str = DEFAULT_DB_ALIAS) -> RawSQL:
        """Return the keys of what holds `term`, to stand behind `pk__in`; `in_head` in its head."""
        vendor = vendor_of(connections[using])
        sql, params = vendor.keys(term, in_head)
        return RawSQL(sql.format(table=self.table), params)  # noqa: S611 - our SQL, their params
