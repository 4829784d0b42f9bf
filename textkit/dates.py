"""Dates as a Chinese newspaper prints them."""

import datetime as dt
from functools import lru_cache

_WEEKDAYS = "一二三四五六日"


@lru_cache(maxsize=4096)
def lunar_day(day: dt.date) -> str:
    """Return the lunar date as printed, such as 九月廿三 or 闰六月初二."""
    from lunar_python.util import LunarUtil

    first, month = next(row for row in _lunar_months(day.year) if row[0] <= day)
    name = ("闰" if month < 0 else "") + LunarUtil.MONTH[abs(month)]
    return f"{name}月{LunarUtil.DAY[(day - first).days + 1]}"


@lru_cache(maxsize=256)
def _lunar_months(year: int) -> list[tuple[dt.date, int]]:
    """Return the first days and the numbers of the lunar months of a year, last month first.

    A leap month has the negative number of the month before it. The astronomical computation takes
    10 ms for a year, so it runs once per year and not for each day.
    """
    # Imported late: the calendar tables take 24 ms, and most processes never need them.
    from lunar_python import LunarYear, Solar

    found = []
    for month in LunarYear.fromYear(year).getMonths():
        first = Solar.fromJulianDay(month.getFirstJulianDay())
        found.append((dt.date(first.getYear(), first.getMonth(), first.getDay()), month.getMonth()))
    return found[::-1]


def long_date(day: dt.date) -> str:
    """Return a date such as 2022年10月18日."""
    return f"{day.year}年{day.month}月{day.day}日"


def dateline(day: dt.date) -> str:
    """Return the date line of a masthead: 2022年10月18日 星期二 农历九月廿三."""
    return f"{long_date(day)} 星期{_WEEKDAYS[day.weekday()]} 农历{lunar_day(day)}"
