"""Series of issues: the weekly pattern in which the paper comes out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles.exceptions import Conflict, Invalid

from ..models import Issue, Series, SeriesPage
from .permissions import require
from .planning import PagePlan, last_like, next_free_day, pages_of, plan_issue

#: Maximum number of issues that are planned at once.
MAX_AHEAD = 14


@dataclass(frozen=True, slots=True)
class SeriesPattern:
    """The data of a series: name, ISO weekdays such as "246", deadlines, and whether in use."""

    name: str
    weekdays: str
    cutoff_days: int
    cutoff_time: dt.time
    release_time: dt.time
    is_active: bool = True


def save_series(
    series: Series | None, pattern: SeriesPattern, pages: Sequence[PagePlan], *, user: User
) -> Series:
    """Create or change a series; existing issues stay as they are.

    Raises Forbidden; Invalid where two series share a day, the cut-off comes after the release or
    there is no page; Conflict where the name is taken.
    """
    require("plan", user)
    _check(series, pattern, pages)
    made = series or Series()
    for name in SeriesPattern.__slots__:
        setattr(made, name, getattr(pattern, name))
    try:
        with transaction.atomic():
            made.save()
            made.pages.all().delete()
            SeriesPage.objects.bulk_create(
                SeriesPage(
                    series=made,
                    number=page.number,
                    name=page.name,
                    room_chars=page.chars,
                    room_photos=page.photos,
                    columns=list(page.columns),
                )
                for page in pages
            )
    except IntegrityError as error:
        raise Conflict(_("A series with this name already exists.")) from error
    return made


def _check(series: Series | None, pattern: SeriesPattern, pages: Sequence[PagePlan]) -> None:
    problems = []
    if not pattern.weekdays:
        problems.append(_("Tick the days on which the paper is published."))
    if not pages:
        problems.append(_("A series needs pages."))
    if pattern.cutoff_days == 0 and pattern.cutoff_time > pattern.release_time:
        problems.append(_("The cut-off must be before the release."))
    others = Series.objects.filter(is_active=True).exclude(pk=(series and series.pk) or 0)
    for other in others if pattern.is_active else []:
        shared = set(other.weekdays) & set(pattern.weekdays)
        if shared:
            days = "、".join(weekday_name(day) for day in sorted(shared))
            problems.append(
                _("%(series)s is already published on these days: %(days)s.")
                % {"series": other.name, "days": days}
            )
    if problems:
        raise Invalid(problems)


def weekday_name(day: str) -> str:
    """Return the name of an ISO weekday, "1" to "7", in the user's language."""
    # The first of January of 2024 was a Monday.
    return date_format(dt.date(2024, 1, int(day)), "l")


def plan_ahead(*, user: User, until: dt.date, today: dt.date) -> list[Issue]:
    """Plan every missing issue that is due after `today` up to `until`; return them.

    Each takes its pages from the last issue of its series, or from the series. Raises Forbidden.
    """
    require("plan", user)
    active = list(Series.objects.filter(is_active=True).prefetch_related("pages"))
    made: list[Issue] = []
    while active and len(made) < MAX_AHEAD:
        day = next_free_day(today, active)
        if day > until:
            break
        series = next(one for one in active if one.is_due(day))
        last = last_like(series, day)
        pages = pages_of(last if last is not None and last.pages.exists() else series)
        made.append(plan_issue(date=day, user=user, series=series, pages=pages))
    return made
