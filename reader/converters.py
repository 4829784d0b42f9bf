"""Path converters of the public URLs."""

import datetime as dt

from django.urls.converters import IntConverter, StringConverter

from press.models import day_slug


class IssueConverter:
    """An issue in a URL: 2026-01-31, and 2026-01-31-2 for the second issue of that day."""

    regex = r"\d{4}-\d{2}-\d{2}(?:-[2-9])?"

    def to_python(self, value: str) -> tuple[dt.date, int]:
        """Return date and part. Raises ValueError (no match) for a date that does not exist."""
        return dt.date.fromisoformat(value[:10]), int(value[11:] or 1)

    def to_url(self, value: tuple[dt.date, int]) -> str:
        """Return the issue as written in the URL."""
        return day_slug(*value)


class NumberConverter(IntConverter):
    """A number in its only canonical form: every other form would be cached separately.

    The length is limited to what the search index of published stories can hold.
    """

    regex = r"0|[1-9][0-9]{0,8}"


class TagConverter(StringConverter):
    """A tag in a URL: any characters, including a slash (5G/6G)."""

    regex = r"[\s\S]+"


class FeedConverter:
    """A feed at the end of a list's URL: feed.rss, feed.atom, feed.json."""

    regex = r"feed\.(?:rss|atom|json)"

    def to_python(self, value: str) -> str:
        """Return the format of the feed: rss, atom or json."""
        return value.removeprefix("feed.")

    def to_url(self, value: str) -> str:
        """Return the feed as written in the URL."""
        return f"feed.{value}"


class YearConverter:
    """A year of four digits in a URL."""

    regex = r"[12]\d{3}"

    def to_python(self, value: str) -> int:
        """Return the year."""
        return int(value)

    def to_url(self, value: int) -> str:
        """Return the year as written in the URL."""
        return f"{value:04}"


class MonthConverter:
    """A month of two digits in a URL."""

    regex = r"0[1-9]|1[0-2]"

    def to_python(self, value: str) -> int:
        """Return the month from 1 to 12."""
        return int(value)

    def to_url(self, value: int) -> str:
        """Return the month as written in the URL."""
        return f"{value:02}"
