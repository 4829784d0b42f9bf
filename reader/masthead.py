"""Text of the masthead for a day and an issue."""

from __future__ import annotations

import datetime as dt

from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext

from press.models import Edition
from textkit.dates import dateline

_NOTHING = SafeString("")


def day_line(day: dt.date) -> str:
    """Return a date as printed in a masthead, in Chinese with its lunar date."""
    return date_format(day, "l j F Y") if get_language() == "en" else dateline(day)


def issue_line(edition: Edition | None, *, is_todays: bool = False) -> SafeString:
    """Return an edition's numbers as a link, its special name and, if counted, its pages."""
    if edition is None:
        return _NOTHING
    special = format_html("<strong>{}</strong> ", edition.special) if edition.special else _NOTHING
    count = getattr(edition, "page_count", None)
    return format_html(
        '<a href="{}">{}</a> <span>{}{}</span>',
        edition.get_absolute_url(),
        edition.number_line,
        special,
        _pages(count, is_todays) if count else _NOTHING,
    )


def _pages(count: int, is_todays: bool) -> str:
    words = (
        ngettext("%(n)s page today", "%(n)s pages today", count)
        if is_todays
        else ngettext("%(n)s page in all", "%(n)s pages in all", count)
    )
    return words % {"n": count}
