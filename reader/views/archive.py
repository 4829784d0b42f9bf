"""Archive of all released stories by date."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from paper.humanize import day_start
from press.models import Story

from ..masthead import day_line
from .lists import story_list


@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    """List all stories, newest first, with links to each year, month and day."""
    return _list(request, None, {"title": _("Archive")})


@require_safe
def year(request: HttpRequest, year: int) -> HttpResponse:
    """List the stories of a year."""
    begin = dt.date(year, 1, 1)
    return _list(request, (begin, dt.date(year + 1, 1, 1)), {"title": _("%d") % year})


@require_safe
def month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """List the stories of a month."""
    begin = dt.date(year, month, 1)
    title = _("%(year)d-%(month)02d") % {"year": year, "month": month}
    return _list(request, (begin, _next_month(begin)), {"title": title, "month": begin})


@require_safe
def day(request: HttpRequest, year: int, month: int, day: int) -> HttpResponse:
    """List the stories of a day. Raises Http404 for a date that does not exist."""
    try:
        begin = dt.date(year, month, day)
    except ValueError as error:
        raise Http404 from error
    context = {"title": day_line(begin), "day": begin, "month": begin.replace(day=1)}
    return _list(request, (begin, begin + dt.timedelta(days=1)), context)


def _list(
    request: HttpRequest, days: tuple[dt.date, dt.date] | None, context: dict[str, Any]
) -> HttpResponse:
    """List the stories from the first of `days` to before the second; None lists all.

    Raises Http404 outside of the years in which stories were released. Lists with a `month` in the
    context, and the list of all stories for the newest month, name the days with released stories.
    """
    first, last = _first_and_last()
    stories = Story.objects.all()
    if days:
        begin, end = days
        if begin > timezone.localdate() or end <= first:
            raise Http404(_("Nothing was published then."))
        stories = stories.filter(release_at__gte=day_start(begin), release_at__lt=day_start(end))
    else:
        context["month"] = last.replace(day=1)
    year = days[0].year if days else last.year
    context |= {
        "years": range(last.year, first.year - 1, -1),
        "year": year,
        "months": _months(year, first, last),
        "days": _days(context["month"]) if "month" in context else [],
    }
    without = {"since", "until"} if days else set()
    return story_list(request, stories, context, template="reader/archive.html", without=without)


def _first_and_last() -> tuple[dt.date, dt.date]:
    """Return the dates of the first and the newest visible story, or today if there is none."""
    rows = Story.objects.visible()
    ends = (rows.order_by("release_at", "id"), rows.newest())
    found = (end.values_list("release_at", flat=True).first() for end in ends)
    first, last = (timezone.localdate(at) for at in found)
    return first, last


def _months(year: int, first: dt.date, last: dt.date) -> list[dt.date]:
    months = (dt.date(year, n, 1) for n in range(1, 13))
    return [month for month in months if first.replace(day=1) <= month <= last]


def _days(month: dt.date) -> list[dt.date]:
    """Return the days of a month on which visible stories were released."""
    begin, end = day_start(month), day_start(_next_month(month))
    rows = Story.objects.visible().filter(release_at__gte=begin, release_at__lt=end).order_by()
    return sorted({timezone.localdate(at) for at in rows.values_list("release_at", flat=True)})


def _next_month(month: dt.date) -> dt.date:
    return (month.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
