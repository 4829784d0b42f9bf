"""The readers' calendar of issues: a month as weeks of days."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from press.models import Edition


@dataclass(slots=True)
class Day:
    """One day of a month with the issues that came out for it."""

    date: dt.date
    is_inside: bool
    editions: list[Edition] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Month:
    """The weeks of a month, Monday first."""

    first: dt.date
    weeks: list[list[Day]]


def month_of(first: dt.date, editions: Iterable[Edition]) -> Month:
    """Return the month that begins with `first` with those of `editions` that belong to it."""
    weeks = [
        [Day(date, date.month == first.month) for date in week]
        for week in calendar.Calendar().monthdatescalendar(first.year, first.month)
    ]
    days = {day.date: day for week in weeks for day in week if day.is_inside}
    for edition in editions:
        if edition.date in days:
            days[edition.date].editions.append(edition)
    return Month(first, weeks)
