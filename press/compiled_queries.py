"""Compiled querysets for the most frequently rendered page.

Django compiles the SQL of a queryset each time it is evaluated, which takes ten times as long as
SQLite's answer. A `CompiledQuery` compiles a queryset once per process, with a `Parameter` for each
value that varies, and executes it many times. The visibility rule stays in the queryset.

Private API of Django (used with 5.2): the SQL compiler (`Query.get_compiler`, its `klass_info`,
`select` and `get_converters`), `get_related_populators` of `django.db.models.query`, and
`connection.ops.adapt_datetimefield_value`. Django 6.1 gives the populators a fetch mode.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models.query import get_related_populators

M = TypeVar("M", bound=models.Model)


class Parameter(models.Expression):
    """A placeholder in a compiled queryset for a value that is given at execution."""

    def __init__(self, name: str) -> None:
        super().__init__(output_field=models.Field())
        self.name = name

    def as_sql(self, _compiler: Any, _connection: Any) -> Any:
        """Return a placeholder and this parameter itself as its value."""
        return "%s", [self]


#: Parameters for the time at which readers look and for a primary key.
AT: Any = Parameter("at")
PK: Any = Parameter("pk")


class CompiledQuery(Generic[M]):
    """A queryset compiled to SQL for one database, with the conversion of its rows to objects.

    The queryset may use `select_related`, `only` and `defer`. `params` holds its parameters.
    """

    def __init__(self, queryset: models.QuerySet[M]) -> None:
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        self.sql, self.params = compiler.as_sql()
        info, select = compiler.klass_info or {}, compiler.select
        self._model: type[M] = info["model"]
        self._names = [select[n][0].target.attname for n in info["select_fields"]]
        # Django 6.1 also requires a fetch_mode, which the stubs already declare.
        self._related = get_related_populators(info, select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]
        columns = [column for column, _sql, _alias in select]
        self._converters = [
            (n, converter, column)
            for n, (converters, column) in compiler.get_converters(columns).items()
            for converter in converters
        ]

    @property
    def width(self) -> int:
        """Return the number of columns of the model itself, without those of related objects."""
        return len(self._names)

    def fetch(self, **given: Any) -> list[M]:
        """Return the objects found with the `given` parameter values, in one query."""
        return [self.to_object(row) for row in rows(self.sql, self.params, given)]

    def to_object(self, row: Sequence[Any]) -> M:
        """Return the object of a row whose first columns are those of the queryset."""
        values = self.to_python(row)
        instance = self._model.from_db(DEFAULT_DB_ALIAS, self._names, values[: self.width])
        for related in self._related:
            related.populate(values, instance)
        return instance

    def to_python(self, row: Sequence[Any]) -> list[Any]:
        """Return the values of a row converted to Python."""
        values = list(row)
        for n, converter, column in self._converters:
            if values[n] is not None:
                values[n] = converter(values[n], column, connection)
        return values


def rows(sql: str, params: Sequence[Any], given: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Return the rows of a query; each `Parameter` in `params` takes its `given` value."""
    given = {name: _adapt(value) for name, value in given.items()}
    values = [given[one.name] if isinstance(one, Parameter) else one for one in params]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def _adapt(value: Any) -> Any:
    """Return a value in the form that the database takes: SQLite compares times as text."""
    if isinstance(value, dt.datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value


def cached_once(make: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate `make` so that it runs once per process for each database and set of arguments."""
    results: dict[Any, Any] = {}

    def wrapper(*args: Any) -> Any:
        key = (connection.vendor, *args)
        if key not in results:
            results[key] = make(*args)
        return results[key]

    return wrapper
