"""Path converters of the public addresses."""

import datetime as dt


class DateConverter:
    """A day in an address: 2026-01-31."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> dt.date:
        """Return the day; a day that does not exist makes the address unknown (ValueError)."""
        return dt.date.fromisoformat(value)

    def to_url(self, value: dt.date) -> str:
        """Return the day as it stands in the address."""
        return value.isoformat()
