"""The issues: all of them, one, and one page of one."""

from __future__ import annotations

import datetime as dt
from itertools import groupby

from django.db.models import Count, Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from press.models import Edition, EditionPage, Story

from ..shell import render_page


@require_safe
def issue_list(request: HttpRequest) -> HttpResponse:
    """The issues of one year (?year=), newest first, by month."""
    out = Edition.objects.visible()
    years = [day.year for day in out.dates("date", "year", order="DESC")]
    year = _year(request.GET.get("year", ""), years)
    editions = (
        out.filter(date__year=year).annotate(page_count=Count("pages")).order_by("-date", "-part")
    )
    months = [(month, list(rows)) for month, rows in groupby(editions, key=_first_of_month)]
    context = {"years": years, "year": year, "months": months}
    return render_page(request, "reader/issues.html", context)


def _year(value: str, years: list[int]) -> int:
    if value.isascii() and value.isdigit() and int(value) in years:
        return int(value)
    return years[0] if years else timezone.localdate().year


def _first_of_month(edition: Edition) -> dt.date:
    return edition.date.replace(day=1)


@require_safe
def issue(request: HttpRequest, key: tuple[dt.date, int]) -> HttpResponse:
    """One issue: its pages, each with the headlines that stand on it."""
    edition = _edition(*key)
    return render_page(
        request,
        "reader/issue.html",
        {"edition": edition, "pages": edition.pages.all()},
        of_issue=True,
    )


@require_safe
def page(request: HttpRequest, key: tuple[dt.date, int], number: int) -> HttpResponse:
    """One page of an issue: its stories in order."""
    edition = _edition(*key)
    pages = list(edition.pages.all())
    place = next((i for i, row in enumerate(pages) if row.number == number), None)
    if place is None:
        raise Http404(_("This issue has no such page."))
    context = {
        "edition": edition,
        "pages": pages,
        "page": pages[place],
        "previous": pages[place - 1] if place else None,
        "next": pages[place + 1] if place + 1 < len(pages) else None,
    }
    return render_page(request, "reader/page.html", context, of_issue=True)


def _edition(date: dt.date, part: int) -> Edition:
    """Return an edition of a day that is out, with its pages and their visible stories."""
    stories = (
        Story.objects.visible()
        .select_related("section")
        .defer("body", "search_tokens")
        .order_by("position", "id")
    )
    pages = EditionPage.objects.prefetch_related(
        Prefetch("stories", queryset=stories, to_attr="visible_stories")
    )
    found = (
        Edition.objects.visible()
        .filter(date=date, part=part)
        .annotate(page_count=Count("pages"))
        .prefetch_related(Prefetch("pages", queryset=pages))
        .first()
    )
    if found is None:
        raise Http404(_("There is no issue of this day."))
    return found
