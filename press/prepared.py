"""Questions to the database whose SQL is written once, for the page that is made most often.

Django writes the SQL of a queryset anew each time it is asked, which takes ten times as long as
SQLite's answer. Here a queryset is written once in a process, with a `Slot` for each thing that
differs, and asked again and again: the rule of what may be seen stays in the queryset.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models.query import get_related_populators

M = TypeVar("M", bound=models.Model)


class Slot(models.Expression):
    """What stands in a prepared queryset for a value that is given when it is asked."""

    def __init__(self, name: str) -> None:
        super().__init__(output_field=models.Field())
        self.name = name

    def as_sql(self, _compiler: Any, _connection: Any) -> Any:
        """Return a placeholder, and the slot itself as its parameter."""
        return "%s", [self]


#: Slots of the time at which readers look, and of a row's key.
AT: Any = Slot("at")
PK: Any = Slot("pk")


class Written(Generic[M]):
    """A queryset of objects as SQL for one database, and how a row of it becomes an object.

    The queryset may have `select_related`, `only` and `defer`. `params` holds its slots.
    """

    def __init__(self, queryset: models.QuerySet[M]) -> None:
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        self.sql, self.params = compiler.as_sql()
        info, select = compiler.klass_info or {}, compiler.select
        self._model: type[M] = info["model"]
        self._names = [select[n][0].target.attname for n in info["select_fields"]]
        # Django 6.1 asks for a fetch_mode too, which the stubs know already.
        self._related = get_related_populators(info, select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]
        columns = [column for column, _sql, _alias in select]
        self._converters = [
            (n, converter, column)
            for n, (converters, column) in compiler.get_converters(columns).items()
            for converter in converters
        ]

    @property
    def width(self) -> int:
        """Return the number of its columns, without those of related objects."""
        return len(self._names)

    def ask(self, **given: Any) -> list[M]:
        """Return what the queryset finds with the values `given` for its slots: one query."""
        return [self.object_of(row) for row in rows(self.sql, self.params, given)]

    def object_of(self, row: Sequence[Any]) -> M:
        """Return the object of a row, whose first columns are those of the queryset."""
        values = self.values_of(row)
        made = self._model.from_db(DEFAULT_DB_ALIAS, self._names, values[: self.width])
        for related in self._related:
            related.populate(values, made)
        return made

    def values_of(self, row: Sequence[Any]) -> list[Any]:
        """Return the values of a row as they are in Python."""
        values = list(row)
        for n, converter, column in self._converters:
            if values[n] is not None:
                values[n] = converter(values[n], column, connection)
        return values


def rows(sql: str, params: Sequence[Any], given: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Return the rows of a query; slots among its `params` take the values that are `given`."""
    given = {name: _adapted(value) for name, value in given.items()}
    values = [given[one.name] if isinstance(one, Slot) else one for one in params]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def _adapted(value: Any) -> Any:
    """Return a value as the database takes it: SQLite compares times as text."""
    if isinstance(value, dt.datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value


def once(make: Callable[..., Any]) -> Callable[..., Any]:
    """Return `make`, which is called once in a process for each database and set of arguments."""
    made: dict[Any, Any] = {}

    def kept(*of: Any) -> Any:
        key = (connection.vendor, *of)
        if key not in made:
            made[key] = make(*of)
        return made[key]

    return kept
