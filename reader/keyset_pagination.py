"""Keyset pagination: page 5,000 of a list costs as much as page 1, and rows never shift."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet

from textkit.numbers import MAX_ID, parse_number

PAGE_SIZE = 20
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)


Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class KeysetPage(Generic[Row]):
    """One page of a list; `older` and `newer` are the cursors of its neighbours, or ""."""

    rows: list[Row]
    older: str = ""
    newer: str = ""


def cursor_of(row: Model, key: str = "release_at", pk: str = "id") -> str:
    """Return the cursor of `row`, newest first: microseconds of `key`, and id."""
    return f"{(getattr(row, key) - _EPOCH) // _MICROSECOND}-{getattr(row, pk)}"


def _parse(cursor: str) -> tuple[dt.datetime, int] | None:
    micros, _, pk = cursor.partition("-")
    time, number = parse_number(micros, None, most=MAX_ID), parse_number(pk, None, most=MAX_ID)
    if time is None or number is None:
        return None
    try:
        return _EPOCH + time * _MICROSECOND, number
    except OverflowError:
        return None


def page_of(
    found: QuerySet[Row],
    *,
    before: str = "",
    after: str = "",
    key: str = "release_at",
    pk: str = "id",
    size: int = PAGE_SIZE,
) -> KeysetPage[Row]:
    """Return the page of visible rows of `found` after the cursor `before`, or ahead of `after`.

    Newest first; `key` is the time field of the order, `pk` breaks ties. An invalid cursor gives
    the first page. The cursor condition precedes the visibility condition, because SQLite uses the
    first of two bounds and would otherwise scan from the newest row.
    """
    newer_than = _parse(after) if after else None
    older_than = _parse(before) if before and not newer_than else None
    if newer_than:
        at, last = newer_than
        later = found.filter(**{f"{key}__gte": at}).exclude(**{key: at, f"{pk}__lte": last})
        rows = list(_visible(later).order_by(key, pk)[: size + 1])
        has_newer, rows = len(rows) > size, rows[:size][::-1]
        ends = (True, has_newer)
    else:
        if older_than:
            at, last = older_than
            found = found.filter(**{f"{key}__lte": at}).exclude(**{key: at, f"{pk}__gte": last})
        rows = list(_visible(found).order_by(f"-{key}", f"-{pk}")[: size + 1])
        has_older, rows = len(rows) > size, rows[:size]
        ends = (has_older, bool(older_than))
    return KeysetPage(
        rows, *(_edge(rows, i, key, pk, more) for i, more in zip((-1, 0), ends, strict=True))
    )


def _visible(rows: QuerySet[Row]) -> QuerySet[Row]:
    found: QuerySet[Row] = rows.visible()  # type: ignore[attr-defined]
    return found


def _edge(rows: list[Row], index: int, key: str, pk: str, there_is_more: bool) -> str:
    return cursor_of(rows[index], key, pk) if rows and there_is_more else ""
