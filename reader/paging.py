"""Paging by key: page 5,000 of a list costs what page 1 costs, and nothing shifts meanwhile."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet

PAGE_SIZE = 20
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)


Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class KeyPage(Generic[Row]):
    """One page of a list; `older` and `newer` are the cursors of its neighbours, or empty."""

    rows: list[Row]
    older: str = ""
    newer: str = ""


def cursor_of(row: Model, key: str = "release_at", pk: str = "id") -> str:
    """Return the place of `row` in the order newest first: microseconds of `key`, and id."""
    return f"{(getattr(row, key) - _EPOCH) // _MICROSECOND}-{getattr(row, pk)}"


def _parse(cursor: str) -> tuple[dt.datetime, int] | None:
    micros, _, pk = cursor.partition("-")
    if not (micros.isascii() and micros.isdigit() and pk.isascii() and pk.isdigit()):
        return None
    try:
        return _EPOCH + int(micros) * _MICROSECOND, min(int(pk), 2**63 - 1)
    except (OverflowError, ValueError):
        return None


def page_of(
    found: QuerySet[Row],
    *,
    before: str = "",
    after: str = "",
    key: str = "release_at",
    pk: str = "id",
    size: int = PAGE_SIZE,
) -> KeyPage[Row]:
    """Return the page of what is visible of `found` after `before`, or ahead of `after`.

    Newest first; `key` is the time that orders them, `pk` what orders those of one moment. A cursor
    that cannot be read means the first page. The place stands before the rule of what is visible:
    of two bounds SQLite takes the first, and would walk there from the newest otherwise.
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
    return KeyPage(
        rows, *(_edge(rows, i, key, pk, more) for i, more in zip((-1, 0), ends, strict=True))
    )


def _visible(rows: QuerySet[Row]) -> QuerySet[Row]:
    found: QuerySet[Row] = rows.visible()  # type: ignore[attr-defined]
    return found


def _edge(rows: list[Row], index: int, key: str, pk: str, there_is_more: bool) -> str:
    return cursor_of(rows[index], key, pk) if rows and there_is_more else ""
