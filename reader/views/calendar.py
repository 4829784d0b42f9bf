"""Calendar of issues by year and month."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from press.models import Edition

from ..base_context import render_page
from ..month_calendar import months_of


@require_safe
def issue_list(request: HttpRequest) -> HttpResponse:
    """Show the month of the newest issue; with ?year=, as in old links, that year."""
    counts = Edition.objects.visible().months()
    asked = request.GET.get("year", "")
    years = {str(year): year for year, _month_number in counts}
    if asked in years:
        return _year(request, years[asked], counts)
    newest = max(counts, default=None)
    return _month(request, newest, counts)


@require_safe
def year(request: HttpRequest, year: int) -> HttpResponse:
    """Show all months of a year; 404 before the first issue and after the last."""
    return _year(request, year, Edition.objects.visible().months())


@require_safe
def month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """Show one month; 404 before the first issue and after the last."""
    counts = Edition.objects.visible().months()
    if not (counts and min(counts) <= (year, month) <= max(counts)):
        raise Http404(_("No issue was published in this month."))
    return _month(request, (year, month), counts)


def _year(request: HttpRequest, year: int, counts: dict[tuple[int, int], int]) -> HttpResponse:
    if not any(year == key[0] for key in counts):
        raise Http404(_("No issue was published in this year."))
    shown = [key for key in counts if key[0] == year]
    editions = Edition.objects.visible().filter(date__year=year)
    context: dict[str, Any] = {
        "months": months_of(shown, editions, timezone.localdate()),
        "year": year,
        **_neighbours(sorted({key[0] for key in counts}), year),
    }
    return _render(request, context, counts)


def _month(
    request: HttpRequest, key: tuple[int, int] | None, counts: dict[tuple[int, int], int]
) -> HttpResponse:
    if key is None:
        return _render(request, {}, counts)
    first = dt.date(*key, 1)
    days = first, first.replace(day=monthrange(*key)[1])
    editions = Edition.objects.visible().filter(date__range=days).with_page_count()
    context: dict[str, Any] = {
        "month": months_of([key], editions, timezone.localdate())[0],
        "year": key[0],
        **_neighbours([dt.date(*one, 1) for one in counts], first),
    }
    return _render(request, context, counts)


def _neighbours(all_of: list[Any], here: Any) -> dict[str, Any]:
    """Return the elements of a sorted list before and after `here`, which may be missing in it."""
    before = [one for one in all_of if one < here]
    after = [one for one in all_of if one > here]
    return {"previous": before[-1] if before else None, "next": after[0] if after else None}


def _render(
    request: HttpRequest, context: dict[str, Any], counts: dict[tuple[int, int], int]
) -> HttpResponse:
    years: dict[int, int] = {}
    for (year, _month), count in counts.items():
        years[year] = years.get(year, 0) + count
    shown = context.get("year", 0)
    listed = [(dt.date(y, m, 1), count) for (y, m), count in counts.items() if y == shown]
    context |= {"years": sorted(years.items(), reverse=True), "month_list": listed}
    return render_page(request, "reader/issues.html", context)
