"""The issues (数字报): the calendar, one issue, one page of one, and the page's picture."""

from __future__ import annotations

import datetime as dt

from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
)
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from photos import serving
from press.models import Edition

from ..calendar import month_of
from ..editions import IssueView, issue_view, months_out, page_view
from ..shell import render_page

#: Nothing ever changes under the address of a page's picture; that the page has been torn since
#: is asked again each minute by what several people share.
_KEPT = "public, max-age=3600, s-maxage=60"


@require_safe
def issue_list(request: HttpRequest) -> HttpResponse:
    """The calendar of the newest month with an issue."""
    asked = request.GET.get("year", "")
    if asked.isascii() and asked.isdigit() and len(asked) == 4:
        # As the addresses were before.
        return HttpResponsePermanentRedirect(f"/issues/{asked}/")
    months = months_out()
    return _calendar(request, months, months[:1], is_year=False)


@require_safe
def year(request: HttpRequest, year: int) -> HttpResponse:
    """Every issue of a year, a calendar for each month."""
    months = months_out()
    chosen = [month for month in months if month.year == year]
    if not chosen:
        raise Http404(_("No issue came out in this year."))
    return _calendar(request, months, chosen, is_year=True)


@require_safe
def month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """Every issue of a month."""
    months = months_out()
    first = dt.date(year, month, 1)
    if first not in months:
        raise Http404(_("No issue came out in this month."))
    return _calendar(request, months, [first], is_year=False)


def _calendar(
    request: HttpRequest, months: list[dt.date], chosen: list[dt.date], *, is_year: bool
) -> HttpResponse:
    """Show the `chosen` ones of `months`, the newest first."""
    shown = chosen[0] if chosen else timezone.localdate().replace(day=1)
    last = (shown + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
    wanted = Edition.objects.visible().filter(date__range=(chosen[-1] if chosen else shown, last))
    editions = list(wanted.order_by("date", "part"))
    place = months.index(shown) if shown in months else 0
    years = list(dict.fromkeys(day.year for day in months))
    context = {
        "calendars": [month_of(first, editions) for first in chosen],
        "count": len(editions),
        "year": shown.year,
        "month": None if is_year else shown,
        "years": years,
        "months": [day for day in reversed(months) if day.year == shown.year],
        "before": None if is_year else next(iter(months[place + 1 : place + 2]), None),
        "after": None if is_year or not place else months[place - 1],
    }
    return render_page(request, "reader/issues.html", context)


@require_safe
def issue(request: HttpRequest, key: tuple[dt.date, int]) -> HttpResponse:
    """One issue: small pictures of its pages, and the headlines that stand on each."""
    view = _view(key)
    context = {"edition": view.edition, "view": view}
    return render_page(request, "reader/issue.html", context, of_issue=True)


@require_safe
def page(request: HttpRequest, key: tuple[dt.date, int], number: int) -> HttpResponse:
    """One page of an issue: its picture with areas, or as it is set from its stories; the list."""
    view = _view(key, number)
    here = view.page(number)
    if here is None:
        raise Http404(_("This issue has no such page."))
    place = view.pages.index(here)
    context = {
        "edition": view.edition,
        "view": view,
        "here": here,
        "previous": view.pages[place - 1] if place else None,
        "next": view.pages[place + 1] if place + 1 < len(view.pages) else None,
    }
    return render_page(request, "reader/page.html", context, of_issue=True)


@require_safe
def page_image(
    request: HttpRequest, key: tuple[dt.date, int], number: int, token: str, width: int
) -> HttpResponse | FileResponse:
    """The picture of a page in one width; gone with the withdrawal of a story that it shows."""
    here = page_view(*key, number)
    image = here.image if here is not None else {}
    if not image or image["token"] != token or width not in image["widths"]:
        raise Http404
    path = f"{image['folder']}/w{width}.webp"
    return serving.answer(request, path, version=f"{token}-{width}", cache=_KEPT)


def _view(key: tuple[dt.date, int], number: int | None = None) -> IssueView:
    view = issue_view(*key, number)
    if view is None:
        raise Http404(_("There is no issue of this day."))
    return view
