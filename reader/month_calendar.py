"""Calendar of issues (报纸日历): the issues of each day of a month."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from press.models import Edition


@dataclass(slots=True)
class CalendarDay:
    """One day of the grid: its editions, and whether it lies in the month and is today."""

    date: dt.date
    is_inside: bool
    is_today: bool
    editions: list[Edition] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class CalendarMonth:
    """The weeks of a month, Monday first, with its editions."""

    first: dt.date
    weeks: list[list[CalendarDay]]
    count: int


def months_of(
    keys: Iterable[tuple[int, int]], editions: Iterable[Edition], today: dt.date
) -> list[CalendarMonth]:
    """Return the months of `keys` (year, month) with the `editions` of each."""
    found: dict[tuple[int, int], list[Edition]] = {key: [] for key in keys}
    for edition in sorted(editions, key=lambda one: (one.date, one.part)):
        found[edition.date.year, edition.date.month].append(edition)
    return [_month(year, month, of, today) for (year, month), of in found.items()]


def _month(year: int, month: int, editions: list[Edition], today: dt.date) -> CalendarMonth:
    weeks = [
        [CalendarDay(date, date.month == month, date == today) for date in week]
        for week in calendar.Calendar().monthdatescalendar(year, month)
    ]
    days = {day.date: day for week in weeks for day in week if day.is_inside}
    for edition in editions:
        days[edition.date].editions.append(edition)
    return CalendarMonth(dt.date(year, month, 1), weeks, len(editions))
