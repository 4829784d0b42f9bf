"""Plan an issue: its day, its numbers, its hours and its pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.errors import Conflict, Invalid
from paper.querysets import the_paper

from ..models import Issue, Page
from .rules import require

#: Beyond these a date is a slip, and no clock reaches it in every time zone.
FIRST_YEAR, LAST_YEAR = 1800, 2200
DEFAULT_PAGES = ((1, "要闻"), (2, "镇街"), (3, "民生"), (4, "副刊"))


def plan_issue(
    *,
    date: dt.date,
    user: User | None,
    number: int | None = None,
    pages: Sequence[tuple[int, str]] = DEFAULT_PAGES,
    cutoff_at: dt.datetime | None = None,
    release_at: dt.datetime | None = None,
) -> Issue:
    """Make an issue with its pages; number, cut-off and release follow from the paper's rules.

    `user` None is the importer. Raises Forbidden, and Invalid where the day has an issue, two
    pages have one number, or the cut-off comes after the release.
    """
    if user is not None:
        require("plan", user)
    if not FIRST_YEAR <= date.year <= LAST_YEAR:
        raise Invalid([_("No paper comes out in the year %(year)d.") % {"year": date.year}])
    paper = the_paper()
    release_at = release_at or _local(date, paper.release_time)
    cutoff_at = cutoff_at or _local(date - dt.timedelta(days=1), paper.cutoff_time)
    if number is None:
        number = (Issue.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    _check_plan(date, number, pages, cutoff_at, release_at)
    try:
        with transaction.atomic():
            issue = Issue.objects.create(
                number=number, date=date, cutoff_at=cutoff_at, release_at=release_at
            )
            Page.objects.bulk_create(Page(issue=issue, number=n, name=name) for n, name in pages)
    except IntegrityError as error:
        raise Conflict(_("Somebody has just made an issue of this day or number.")) from error
    return issue


def next_free_day(today: dt.date) -> dt.date:
    """Return the first day after `today` that has no issue."""
    taken = set(Issue.objects.filter(date__gt=today).values_list("date", flat=True))
    day = today + dt.timedelta(days=1)
    while day in taken:
        day += dt.timedelta(days=1)
    return day


def _local(day: dt.date, hour: dt.time) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, hour))


def _check_plan(
    date: dt.date,
    number: int,
    pages: Sequence[tuple[int, str]],
    cutoff_at: dt.datetime,
    release_at: dt.datetime,
) -> None:
    problems = []
    if Issue.objects.filter(date=date).exists():
        problems.append(_("There is an issue of this day already."))
    if Issue.objects.filter(number=number).exists():
        problems.append(_("There is an issue with this number already."))
    if not pages or len({n for n, _name in pages}) != len(pages):
        problems.append(_("An issue needs pages, each with a number of its own."))
    if cutoff_at > release_at:
        problems.append(_("The cut-off must come before the release."))
    if problems:
        raise Invalid(problems)
