"""Monthly calendar of issues: days with an issue, and days on which one is due."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass, field

from ..models import Issue, Series
from ..services.planning import FIRST_YEAR, LAST_YEAR


@dataclass(slots=True)
class MonthDay:
    """One day: its issues, the series due on it, and whether it is in the month and today."""

    date: dt.date
    is_inside: bool
    is_today: bool
    issues: list[Issue] = field(default_factory=list)
    due: Series | None = None


@dataclass(frozen=True, slots=True)
class IssueMonth:
    """The weeks of a month, Monday first, with the previous and the next month."""

    first: dt.date
    weeks: list[list[MonthDay]]
    before: dt.date
    after: dt.date


def month_in(text: str, today: dt.date) -> dt.date:
    """Return the first day of the month in `text` ("2026-11"), or of the current month."""
    try:
        first = dt.date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    return first if FIRST_YEAR < first.year < LAST_YEAR else today.replace(day=1)


def month_of(first: dt.date, today: dt.date) -> IssueMonth:
    """Return the month that begins with `first`, in two queries."""
    weeks = [
        [MonthDay(date, date.month == first.month, date == today) for date in week]
        for week in calendar.Calendar().monthdatescalendar(first.year, first.month)
    ]
    days = {day.date: day for week in weeks for day in week}
    shown = Issue.objects.filter(date__range=(min(days), max(days))).order_by("date", "part")
    for issue in shown:
        days[issue.date].issues.append(issue)
    series = list(Series.objects.filter(is_active=True))
    for day in days.values():
        if day.date > today and not any(issue.special == "" for issue in day.issues):
            day.due = next((one for one in series if one.is_due(day.date)), None)
    before = (first - dt.timedelta(days=1)).replace(day=1)
    return IssueMonth(first, weeks, before, (first + dt.timedelta(days=31)).replace(day=1))
