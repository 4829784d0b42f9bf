"""Template tags of the public views."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from paper import humanize
from photos.html import PHONE
from press import byline, pdf
from press.layout_engine import COLUMNS, SetBlock
from textkit import dates

from .. import seo
from ..month_calendar import CalendarDay

register = template.Library()
register.filter("iso", humanize.iso)
register.filter("signature", byline.signature)


@register.simple_tag
def pdf_possible() -> bool:
    """Return whether this server can render PDFs."""
    return pdf.is_possible()


@register.simple_tag
def query(chosen: dict[str, str] | str, **extra: str) -> str:
    """Return the query string of the chosen filters ("" for none) with `extra` parameters."""
    known = chosen if isinstance(chosen, dict) else {}
    return "?" + urlencode({**known, **{k: v for k, v in extra.items() if v}})


@register.simple_tag(takes_context=True)
def card(context: dict[str, Any], name: str, text: str, **more: Any) -> SafeString:
    """Return the link preview metadata of this view; see `seo.card`."""
    return seo.card(context["paper"], context["site"], name=name, text=text, **more)


@register.filter
def printed_day(day: dt.date) -> str:
    """Return a date as in the folio line of a page: 2022年10月18日 星期二 农历九月廿三."""
    return dates.dateline(day)


@register.filter
def photo_sizes(block: SetBlock) -> str:
    """Return the `sizes` attribute of a block's photo: full screen width on a phone."""
    columns = block.span - 2 if block.photo == "side" else block.span
    return f"{PHONE}, (max-width: 900px) 100vw, {840 * columns // COLUMNS}px"


@register.simple_tag
def small_week(week: list[CalendarDay]) -> SafeString:
    """Return a week of a small calendar; a year has 60 of them, too many for a template."""
    return format_html_join("", "<td{}>{}</td>", (_small_day(day) for day in week))


def _small_day(day: CalendarDay) -> tuple[SafeString, SafeString]:
    if not day.is_inside:
        return _PLAIN, _PLAIN
    shown = [str(day.date.day), *(f"{day.date.day}·{n + 2}" for n in range(len(day.editions)))]
    links = format_html_join(
        "",
        '<a href="{0}"{1} aria-label="{2} {3} {4}">{2}</a>',
        (
            (
                e.get_absolute_url(),
                _SPECIAL if e.special else _PLAIN,
                text,
                e.number_line,
                e.special,
            )
            for text, e in zip(shown, day.editions, strict=False)
        ),
    )
    return _TODAY if day.is_today else _PLAIN, links or format_html("<span>{}</span>", day.date.day)


_PLAIN = SafeString("")
_SPECIAL = SafeString(' class="is-special"')
_TODAY = SafeString(' class="is-today" aria-current="date"')
