"""Planning of an issue: its day, its numbers, its deadlines and its pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from articles.exceptions import Conflict, Invalid
from paper.humanize import NoSuchMoment, moment
from paper.querysets import get_paper

from ..models import AbstractPage, Issue, Page, Series
from .page_images import drop_images
from .permissions import lock, require, require_open, require_version, touch

#: Other years are typing errors, and some would overflow datetime in a time zone.
FIRST_YEAR, LAST_YEAR = 1800, 2200
DEFAULT_PAGES = ((1, "要闻"), (2, "镇街"), (3, "民生"), (4, "副刊"))
#: Maximum number of issues on one day; their part appears in URLs.
MAX_PARTS = 9


class PagePlan(NamedTuple):
    """The plan of one page: number, name, capacity and standing columns.

    `chars` and `photos` of 0 mean no limit. `editor` is the id of the responsible editor. `pk` is
    the page of the issue that the plan changes; None is a new page.
    """

    number: int
    name: str
    chars: int = 0
    photos: int = 0
    columns: tuple[str, ...] = ()
    editor: int | None = None
    pk: int | None = None


def plan_issue(
    *,
    date: dt.date,
    user: User | None,
    number: int | None = None,
    year_number: int | None = None,
    special: str = "",
    series: Series | None = None,
    pages: Sequence[tuple[int, str] | PagePlan] = DEFAULT_PAGES,
    cutoff_at: dt.datetime | None = None,
    release_at: dt.datetime | None = None,
    is_archive: bool = False,
) -> Issue:
    """Create an issue with its pages; the series or the paper sets its numbers and deadlines.

    `special` is the name of a special issue, which may come out in addition to the regular one.
    `user` None is the importer. An old issue (`is_archive`) has no number within the year.
    Raises Forbidden, and Invalid where the day has an issue, two pages have one number, or the
    cut-off comes after the release.
    """
    if user is not None:
        require("plan", user)
    if not FIRST_YEAR <= date.year <= LAST_YEAR:
        raise Invalid(
            [_("There is no issue in the year %(year)d. Check the date.") % {"year": date.year}]
        )
    usual_cutoff, usual_release = deadlines_of(date, series)
    plans = [PagePlan(*row) for row in pages]
    issue = Issue(
        number=number or next_number(),
        year_number=None if is_archive else year_number or next_year_number(date.year),
        date=date,
        part=(_of_day(date).aggregate(last=Max("part"))["last"] or 0) + 1,
        special=special.strip(),
        series=series,
        cutoff_at=cutoff_at or usual_cutoff,
        release_at=release_at or usual_release,
    )
    _check_plan(issue, plans)
    try:
        with transaction.atomic():
            issue.save(force_insert=True)
            Page.objects.bulk_create(_page(issue, plan) for plan in plans)
    except IntegrityError as error:
        raise Conflict(
            _("Somebody has just created an issue for this day or with this number.")
        ) from error
    return issue


def deadlines_of(date: dt.date, series: Series | None) -> tuple[dt.datetime, dt.datetime]:
    """Return cut-off and release of an issue of `date`, as its series or the paper has them."""
    if series is not None:
        eve = date - dt.timedelta(days=series.cutoff_days)
        return _local(eve, series.cutoff_time), _local(date, series.release_time)
    paper = get_paper()
    eve = date - dt.timedelta(days=1)
    return _local(eve, paper.cutoff_time), _local(date, paper.release_time)


def next_number() -> int:
    """Return the running number of the next issue."""
    return (Issue.objects.aggregate(last=Max("number"))["last"] or 0) + 1


def next_year_number(year: int) -> int:
    """Return the number of the next issue within `year`."""
    rows = Issue.objects.filter(date__year=year)
    return (rows.aggregate(last=Max("year_number"))["last"] or 0) + 1


def next_free_day(today: dt.date, series: Sequence[Series] = ()) -> dt.date:
    """Return the first day after `today` without an issue on which one of `series` is due."""
    taken = set(Issue.objects.filter(date__gt=today).values_list("date", flat=True))
    due = [one for one in series if one.is_active and one.weekdays]
    day = today + dt.timedelta(days=1)
    while day in taken or (due and not any(one.is_due(day) for one in due)):
        day += dt.timedelta(days=1)
    return day


def series_of(date: dt.date) -> Series | None:
    """Return the series with an issue due on `date`, None without one."""
    return next((one for one in Series.objects.filter(is_active=True) if one.is_due(date)), None)


def plan_of(page: AbstractPage) -> PagePlan:
    """Return the plan of a page in an issue or a series."""
    return PagePlan(
        page.number,
        page.name,
        page.room_chars,
        page.room_photos,
        tuple(page.columns),
        getattr(page, "editor_id", None),
        page.pk,
    )


def pages_of(source: Issue | Series) -> list[PagePlan]:
    """Return the pages of an issue or a series as plans for a new issue, numbered from 1."""
    return [
        plan_of(page)._replace(number=number, pk=None)
        for number, page in enumerate(source.pages.all(), start=1)
    ]


def last_like(series: Series | None, before: dt.date) -> Issue | None:
    """Return the last regular issue of `series` (None: of the paper) before the day `before`."""
    rows = Issue.objects.filter(special="", is_archive=False, date__lt=before)
    if series is not None:
        rows = rows.filter(series=series)
    return rows.order_by("-date").first()


def set_pages(
    issue: Issue, plans: Sequence[PagePlan], *, user: User, at: dt.datetime, version: int
) -> None:
    """Change the pages of an issue to `plans`; delete empty pages that no plan refers to.

    Raises Forbidden; Conflict where the issue has changed since `version` or is past its cut-off;
    Invalid where a page to delete has articles, or two pages have one number.
    """
    require("plan", user)
    with transaction.atomic():
        locked = lock(issue.pk)
        require_open(locked, user, at)
        require_version(locked, version)
        _check_plan(locked, plans)
        remaining = [plan.pk for plan in plans if plan.pk]
        gone = locked.pages.exclude(pk__in=remaining)
        if full := gone.filter(placements__isnull=False).distinct().first():
            raise Invalid(
                [
                    _("Take the articles off page %(number)d before you remove it.")
                    % {"number": full.number}
                ]
            )
        drop_images(gone)
        gone.delete()
        _renumber_pages(locked, plans)
        touch(locked)


def _renumber_pages(issue: Issue, plans: Sequence[PagePlan]) -> None:
    known = {page.pk: page for page in issue.pages.select_for_update()}
    if any(plan.pk and plan.pk not in known for plan in plans):
        raise Conflict(_("Somebody has just removed a page. Please reload and check again."))
    # Use temporary numbers first: a number is unique within an issue.
    top = 1 + max([page.number for page in known.values()] + [plan.number for plan in plans])
    for offset, page in enumerate(known.values()):
        Page.objects.filter(pk=page.pk).update(number=top + offset)
    for plan in plans:
        page = _page(issue, plan)
        page.pk = plan.pk
        page.save(force_insert=plan.pk is None)


def _page(issue: Issue, plan: PagePlan) -> Page:
    return Page(
        issue=issue,
        number=plan.number,
        name=plan.name,
        room_chars=plan.chars,
        room_photos=plan.photos,
        columns=list(plan.columns),
        editor_id=plan.editor,
    )


def _local(day: dt.date, hour: dt.time) -> dt.datetime:
    try:
        return moment(day, hour)
    except NoSuchMoment as refused:
        raise Invalid([str(refused)]) from refused


def _of_day(date: dt.date) -> QuerySet[Issue]:
    return Issue.objects.filter(date=date)


def _check_plan(issue: Issue, plans: Sequence[PagePlan]) -> None:
    others = Issue.objects.exclude(pk=issue.pk)
    problems = []
    if not issue.special and others.filter(date=issue.date, special="").exists():
        problems.append(_("This day already has an issue."))
    if issue.part > MAX_PARTS:
        problems.append(_("A day can have at most nine issues."))
    if others.filter(number=issue.number).exists():
        problems.append(_("An issue with this number already exists."))
    same_year = others.filter(date__year=issue.date.year, year_number=issue.year_number)
    if issue.year_number and same_year.exists():
        problems.append(_("An issue with this number within the year already exists."))
    if not plans or len({plan.number for plan in plans}) != len(plans):
        problems.append(_("An issue needs pages, each with its own number."))
    if issue.cutoff_at > issue.release_at:
        problems.append(_("The cut-off must be before the release."))
    if problems:
        raise Invalid(problems)
