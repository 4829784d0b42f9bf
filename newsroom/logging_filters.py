"""Logging filter that reduces an outage to one line without a traceback."""

from __future__ import annotations

import logging

from paper.outages import outage_of


class OutageFilter(logging.Filter):
    """Replace the traceback of an outage with its error message."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Return True for every record; shorten those that report an outage."""
        error = record.exc_info[1] if record.exc_info else None
        outage = outage_of(error)
        if outage:
            record.msg = f"{record.getMessage()} ({outage.code}: {error})".replace("\n", " ")
            record.args, record.exc_info, record.exc_text = (), None, None
        return True
