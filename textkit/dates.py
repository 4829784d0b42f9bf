"""Dates as a Chinese paper prints them."""

import datetime as dt
from functools import lru_cache

_WEEKDAYS = "一二三四五六日"


@lru_cache(maxsize=4096)
def lunar_day(day: dt.date) -> str:
    """Return the lunar date as printed, such as 九月廿三 or 闰六月初二."""
    # Imported late: the calendar tables take 24 ms that most processes never need.
    from lunar_python import Solar

    lunar = Solar.fromYmd(day.year, day.month, day.day).getLunar()
    return f"{lunar.getMonthInChinese()}月{lunar.getDayInChinese()}"


def long_date(day: dt.date) -> str:
    """Return a date such as 2022年10月18日."""
    return f"{day.year}年{day.month}月{day.day}日"


def dateline(day: dt.date) -> str:
    """Return the line of a masthead: 2022年10月18日 星期二 农历九月廿三."""
    return f"{long_date(day)} 星期{_WEEKDAYS[day.weekday()]} 农历{lunar_day(day)}"
