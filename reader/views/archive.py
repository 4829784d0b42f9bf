"""All that came out, by day of release: for who knows when it was."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from paper.times import day_start
from press.models import Story

from ..masthead import day_line
from .lists import story_list


@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    """All stories, newest first, with the ways to each year, month and day."""
    context = {"title": _("Archive"), "month": timezone.localdate().replace(day=1)}
    return _list(request, None, context)


@require_safe
def year(request: HttpRequest, year: int) -> HttpResponse:
    """The stories of a year."""
    begin = dt.date(year, 1, 1)
    return _list(request, (begin, dt.date(year + 1, 1, 1)), {"title": _("%d") % year})


@require_safe
def month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """The stories of a month."""
    begin = dt.date(year, month, 1)
    title = _("%(year)d-%(month)02d") % {"year": year, "month": month}
    return _list(request, (begin, _next_month(begin)), {"title": title, "month": begin})


@require_safe
def day(request: HttpRequest, year: int, month: int, day: int) -> HttpResponse:
    """The stories of a day. Raises Http404 for a day that the calendar does not have."""
    try:
        begin = dt.date(year, month, day)
    except ValueError as error:
        raise Http404 from error
    context = {"title": day_line(begin), "day": begin, "month": begin.replace(day=1)}
    return _list(request, (begin, begin + dt.timedelta(days=1)), context)


def _list(
    request: HttpRequest, days: tuple[dt.date, dt.date] | None, context: dict[str, Any]
) -> HttpResponse:
    """Return the stories from the first of `days` to before the second; None: all stories.

    Raises Http404 outside of the paper's years. The days of a `month` in the context are listed.
    """
    first, today = _first_day(), timezone.localdate()
    stories = Story.objects.all()
    if days:
        begin, end = days
        if begin > today or end <= first:
            raise Http404(_("Nothing came out then."))
        stories = stories.filter(release_at__gte=day_start(begin), release_at__lt=day_start(end))
    year = days[0].year if days else today.year
    context |= {
        "years": range(today.year, first.year - 1, -1),
        "year": year,
        "months": _months(year, first, today),
        "days": _days(context["month"], first, today) if "month" in context else [],
    }
    return story_list(request, stories, context, template="reader/archive.html")


def _first_day() -> dt.date:
    """Return the day of the first story that is out; today where there is none."""
    oldest = Story.objects.visible().order_by("release_at", "id")
    at = oldest.values_list("release_at", flat=True).first()
    return timezone.localdate(at) if at else timezone.localdate()


def _months(year: int, first: dt.date, last: dt.date) -> list[dt.date]:
    months = (dt.date(year, n, 1) for n in range(1, 13))
    return [month for month in months if first.replace(day=1) <= month <= last]


def _days(month: dt.date, first: dt.date, last: dt.date) -> list[dt.date]:
    count = (_next_month(month) - month).days
    days = (month + dt.timedelta(days=n) for n in range(count))
    return [day for day in days if first <= day <= last]


def _next_month(month: dt.date) -> dt.date:
    return (month.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
