"""Path converters of the public addresses."""

import datetime as dt

from django.urls.converters import IntConverter, StringConverter

from press.models import day_slug


class IssueConverter:
    """An issue in an address: 2026-01-31, and 2026-01-31-2 for the second one of that day."""

    regex = r"\d{4}-\d{2}-\d{2}(?:-[2-9])?"

    def to_python(self, value: str) -> tuple[dt.date, int]:
        """Return day and part; a day that does not exist makes the address unknown (ValueError)."""
        return dt.date.fromisoformat(value[:10]), int(value[11:] or 1)

    def to_url(self, value: tuple[dt.date, int]) -> str:
        """Return the issue as it stands in the address."""
        return day_slug(*value)


class NumberConverter(IntConverter):
    """A number in one spelling only, for each spelling would be a page of its own to keep.

    None is longer than those that the index of the press can hold.
    """

    regex = r"0|[1-9][0-9]{0,8}"


class TagConverter(StringConverter):
    """A tag in an address: any characters, a slash (5G/6G) too."""

    regex = r"[\s\S]+"


class FeedConverter:
    """A feed at the end of a list's address: feed.rss, feed.atom, feed.json."""

    regex = r"feed\.(?:rss|atom|json)"

    def to_python(self, value: str) -> str:
        """Return the kind of the feed: rss, atom, json."""
        return value.removeprefix("feed.")

    def to_url(self, value: str) -> str:
        """Return the kind as it stands in the address."""
        return f"feed.{value}"


class YearConverter:
    """A year in an address, of four digits."""

    regex = r"[12]\d{3}"

    def to_python(self, value: str) -> int:
        """Return the year."""
        return int(value)

    def to_url(self, value: int) -> str:
        """Return the year as it stands in the address."""
        return f"{value:04}"


class MonthConverter:
    """A month in an address, of two digits."""

    regex = r"0[1-9]|1[0-2]"

    def to_python(self, value: str) -> int:
        """Return the month from 1 to 12."""
        return int(value)

    def to_url(self, value: int) -> str:
        """Return the month as it stands in the address."""
        return f"{value:02}"
