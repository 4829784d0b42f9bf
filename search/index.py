"""A full-text index over pairs of characters, the same on SQLite and PostgreSQL.

One index is one table with a row for each thing, under the thing's own key: its head (what a list
shows) and its body. Whoever owns the things writes the rows in the transaction of the thing itself
and asks with them: `Story.objects.filter(INDEX.holds(term))`.
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
    """There is no full-text index for this kind of database."""


@dataclass(frozen=True, slots=True)
class Document:
    """What is found of one thing: its key, the plain text of its head and of its body."""

    key: int
    head: str
    body: str


def vendor_of(connection: Any, vendors: Mapping[str, Any] = _VENDORS) -> Any:
    """Return the module that writes for this database. Raises NotSupported."""
    try:
        return vendors[connection.vendor]
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
            for sql in vendor_of(connection).DROP:
                cursor.execute(sql.format(table=self.table))

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

    def holds(
        self, term: Term, *, in_head: bool = False, key: str = "pk", using: str = DEFAULT_DB_ALIAS
    ) -> Holds:
        """Return the condition that the thing holds `term`, or that its head alone does.

        `key` names the field with the index's key in the rows that are asked.
        """
        sql, params = vendor_of(connections[using]).holds(term, in_head)
        return Holds(self.table, sql, params, key)


class Holds(Func):
    """Whether the thing of a key holds a term; stands in `filter` as it is, or in a `Q`.

    The key is out of reach of the planners (+ 0): what many hold is found soonest by a walk through
    the rows in their order, where both databases would fetch and sort all that the index names.
    """

    output_field = BooleanField()

    def __init__(self, table: str, sql: str, params: Sequence[object], key: str) -> None:
        super().__init__(F(key))
        self.table, self.sql, self.params = table, sql, params

    def as_sql(self, compiler: Any, connection: Any, *_args: Any, **_extra: Any) -> Any:
        """Return the condition with the key's column in its place."""
        column, _none = compiler.compile(self.source_expressions[0])
        return self.sql.format(table=self.table, key=f"({column} + 0)"), list(self.params)
