"""Questions to the database whose SQL is written once, for the page that is made most often.

Django writes the SQL of a queryset anew each time it is asked, which takes ten times as long as
SQLite's answer. Here a queryset is written once in a process, with a `Slot` for each thing that
differs, and asked again and again: the rule of what may be seen stays in the queryset.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models.query import get_related_populators
from django.db.models.sql.compiler import SQLCompiler

M = TypeVar("M", bound=models.Model)


class Slot(models.Expression):
    """What stands in a prepared queryset for a value that is given when it is asked."""

    def __init__(self, name: str, output_field: models.Field[Any, Any]) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, _compiler: Any, _connection: Any) -> tuple[str, list[Slot]]:
        """Return a placeholder, and the slot itself as its parameter."""
        return "%s", [self]

    def adapted(self, value: Any) -> Any:
        """Return `value` as the database takes it."""
        return self.output_field.get_db_prep_value(value, connection)


class _Written(Generic[M]):
    """The SQL of a queryset, and how a row of its answer becomes an object."""

    def __init__(self, queryset: models.QuerySet[M]) -> None:
        compiler: SQLCompiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        self.sql, self.params = compiler.as_sql()
        info, select = compiler.klass_info or {}, compiler.select
        self._model: type[M] = info["model"]
        self._names = [select[n][0].target.attname for n in info["select_fields"]]
        self._end = len(self._names)
        self._related = get_related_populators(info, select, DEFAULT_DB_ALIAS)
        columns = [column for column, _sql, _alias in select]
        self._converters = [
            (n, converter, column)
            for n, (converters, column) in compiler.get_converters(columns).items()
            for converter in converters
        ]

    def object_of(self, row: tuple[Any, ...]) -> M:
        values = list(row)
        for n, converter, column in self._converters:
            values[n] = converter(values[n], column, connection)
        made = self._model.from_db(DEFAULT_DB_ALIAS, self._names, values[: self._end])
        for related in self._related:
            related.populate(values, made)
        return made


class Prepared(Generic[M]):
    """A queryset of objects, maybe with `select_related`, `only` or `defer`, that is written once.

    `ask` returns it, with slots for what differs; it is called when it is first needed.
    """

    def __init__(self, ask: Callable[[], models.QuerySet[M]]) -> None:
        self._ask = ask
        #: One for each database that was met: tests meet both.
        self._written: dict[str, _Written[M]] = {}

    def all(self, **given: Any) -> list[M]:
        """Return what the queryset finds with the values `given` for its slots, in one query."""
        written = self._written.get(connection.vendor)
        if written is None:
            written = self._written[connection.vendor] = _Written(self._ask())
        params = [
            one.adapted(given[one.name]) if isinstance(one, Slot) else one for one in written.params
        ]
        with connection.cursor() as cursor:
            cursor.execute(written.sql, params)
            rows = cursor.fetchall()
        return [written.object_of(row) for row in rows]

    def first(self, **given: Any) -> M | None:
        """Return the first of them, or None."""
        return next(iter(self.all(**given)), None)
