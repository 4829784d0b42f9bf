"""Everything that writes issues: plan, place, close, sign, reopen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser, User
from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.content import from_json
from articles.errors import Conflict, Forbidden, Hidden, Invalid
from articles.models import Article
from articles.services import printing
from articles.services.rules import may, meanwhile
from articles.states import State
from articles.workflow import Role, actor_of
from bylines.services import display_name
from paper.querysets import the_paper
from paper.roles import roles_of
from press import services as press
from press.models import Edition

from .models import Issue, Page, Placement

#: Who may do what with an issue; an editor plans, the chief answers for the whole.
MAY: dict[str, frozenset[Role]] = {
    "plan": frozenset({Role.HEAD, Role.CHIEF}),
    "place": frozenset({Role.EDITOR, Role.HEAD, Role.CHIEF}),
    "close": frozenset({Role.HEAD, Role.CHIEF}),
    "reopen": frozenset({Role.CHIEF}),
    "sign": frozenset({Role.CHIEF}),
}
#: Beyond these a date is a slip, and no clock reaches it in every time zone.
FIRST_YEAR, LAST_YEAR = 1800, 2200
DEFAULT_PAGES = ((1, "要闻"), (2, "镇街"), (3, "民生"), (4, "副刊"))
#: States of an article that can be planned for an issue.
PLACEABLE = frozenset(set(State) - {State.SPIKED, State.WITHDRAWN, State.PUBLISHED})


@dataclass(frozen=True, slots=True)
class Blocker:
    """One thing that keeps an issue from being signed: on which page, which article, why."""

    page: Page | None
    article: Article | None
    reason: str


def may_on_issues(action: str, user: User | AnonymousUser) -> bool:
    """Return whether the roles of `user` allow `action` (a key of MAY) on issues."""
    return bool(roles_of(user) & MAY[action])


def sees_issues(user: User | AnonymousUser) -> bool:
    """Return whether `user` sees the plans of issues: who plans them, and the administrator."""
    return bool(roles_of(user) & (MAY["place"] | {Role.ADMINISTRATOR}))


def is_open_for(issue: Issue, user: User, at: dt.datetime) -> bool:
    """Return whether `user` may still place articles in `issue` at `at`."""
    try:
        _require_open(issue, user, at)
    except Conflict:
        return False
    return True


def _require(action: str, user: User) -> None:
    if not may_on_issues(action, user):
        raise Forbidden(_("Your role does not allow this on issues."))


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
        _require("plan", user)
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


def place(
    article: Article,
    page: Page,
    *,
    user: User | None,
    at: dt.datetime,
    position: int | None = None,
    version: int | None = None,
) -> Placement:
    """Put an article on a page, at `position` (from 1) or last; from another open page it moves.

    After the cut-off only the chief adds. `user` None is the operator at the console; `version`
    is the one of the article that was looked at. Raises Hidden, Forbidden, Conflict.
    """
    if user is not None:
        _require("place", user)
    with transaction.atomic():
        issue = _lock(page.issue_id)
        _require_open(issue, user, at)
        article = Article.objects.select_for_update(of=("self",)).get(pk=article.pk)
        if user is not None and not may(article, "view", user, at):
            raise Hidden(_("There is no such article."))
        if version is not None and article.version != version:
            raise Conflict(meanwhile(article, at))
        if article.status(at) not in PLACEABLE:
            raise Conflict(_("This article is spiked, withdrawn or out already."))
        _require_leavable(article, user, at)
        Placement.objects.filter(article=article, is_open=True).delete()
        count = page.placements.count()
        slot = count + 1 if position is None else max(1, min(position, count + 1))
        page.placements.filter(position__gte=slot).update(position=F("position") + 1)
        placement = Placement.objects.create(
            page=page, article=article, position=slot, placed_by=user, placed_at=at
        )
        renumber(page)
        _touch(issue)
    return placement


def _require_leavable(article: Article, user: User | None, at: dt.datetime) -> None:
    """Raise where the article stands in another issue that this person may not change now."""
    open_place = Placement.objects.filter(article=article, is_open=True).select_related(
        "page__issue"
    )
    for placement in open_place:
        _require_open(placement.page.issue, user, at)


def unplace(placement: Placement, *, user: User, at: dt.datetime) -> None:
    """Take an article off its page. Raises Forbidden, Conflict."""
    _require("place", user)
    with transaction.atomic():
        issue = _lock(placement.page.issue_id)
        _require_open(issue, user, at)
        if not Placement.objects.filter(pk=placement.pk, is_open=True).delete()[0]:
            raise Conflict(_("Somebody has taken the article off this page already."))
        renumber(placement.page)
        _touch(issue)


def renumber(page: Page) -> None:
    """Number the placements of `page` from 1 without gaps."""
    for number, placement in enumerate(page.placements.order_by("position", "id"), start=1):
        if placement.position != number:
            Placement.objects.filter(pk=placement.pk).update(position=number)


def _lock(issue_id: int) -> Issue:
    """Return the issue, locked against other writers until the transaction ends."""
    return Issue.objects.select_for_update().get(pk=issue_id)


def _touch(issue: Issue) -> None:
    Issue.objects.filter(pk=issue.pk).update(version=F("version") + 1)


def _require_open(issue: Issue, user: User | None, at: dt.datetime) -> None:
    if issue.state == Issue.State.SIGNED:
        raise Conflict(_("The issue is signed. Reopen it to change it."))
    is_late = issue.state == Issue.State.CLOSED or issue.cutoff_at <= at
    if is_late and user is not None and not actor_of(user).has(Role.CHIEF):
        raise Conflict(_("The issue is past its cut-off. Only the chief adds to it now."))


def close(issue: Issue, *, user: User, at: dt.datetime) -> Issue:
    """Close an issue: from now on only the chief changes it. Raises Forbidden, Conflict."""
    _require("close", user)
    return _change_state(issue, Issue.State.PLANNING, Issue.State.CLOSED)


def _change_state(issue: Issue, source: str, target: str, **changes: object) -> Issue:
    rows = Issue.objects.filter(pk=issue.pk, state=source)
    if not rows.update(state=target, version=F("version") + 1, **changes):
        fresh = Issue.objects.get(pk=issue.pk)
        raise Conflict(
            _("This cannot be done now: the issue is in the state “%(state)s”.")
            % {"state": fresh.get_state_display()}
        )
    issue.refresh_from_db()
    return issue


def blockers(issue: Issue, at: dt.datetime) -> list[Blocker]:
    """Return what keeps `issue` from being signed, page by page: the readiness list."""
    found: list[Blocker] = []
    placements = list(
        Placement.objects.filter(page__issue=issue)
        .in_order()
        .select_related("article__approved_revision")
    )
    for page in issue.pages.all():
        mine = [p for p in placements if p.page_id == page.pk]
        if not mine:
            found.append(Blocker(page, None, _("The page is empty.")))
        for placement in mine:
            found += _article_blockers(page, placement.article, at)
    if not issue.pages.all():
        found.append(Blocker(None, None, _("The issue has no page.")))
    return found


def _article_blockers(page: Page, article: Article, at: dt.datetime) -> list[Blocker]:
    state = article.status(at)
    if state not in {State.APPROVED, State.SCHEDULED, State.PUBLISHED}:
        return [Blocker(page, article, _("Not signed: %(state)s.") % {"state": state.label})]
    revision = article.approved_revision
    assert revision is not None
    return [
        Blocker(page, article, _("A photo has no credit."))
        for row in from_json(revision.content).photos
        if not row.credit
    ]


def sign(issue: Issue, *, user: User, at: dt.datetime, version: int | None = None) -> Issue:
    """Sign a closed issue as one: all its stories become visible at its release, or none.

    A story that is out already, ahead of the paper, keeps its time. Signed after the hour of
    release, all come out now. Raises Forbidden; Conflict where the issue is not closed or has
    changed since `version`; Invalid with all that blocks.
    """
    _require("sign", user)
    with transaction.atomic():
        issue = _lock(issue.pk)
        if version is not None and version != issue.version:
            raise Conflict(_("The issue has changed since you looked at it. Please look again."))
        if issue.state != Issue.State.CLOSED:
            raise Conflict(_("Close the issue before you sign it."))
        found = blockers(issue, at)
        if found:
            raise Invalid([_describe(blocker) for blocker in found])
        release_at = max(issue.release_at, at)
        edition = _print_edition(issue, release_at, user, at)
        issue = _change_state(
            issue,
            Issue.State.CLOSED,
            Issue.State.SIGNED,
            signed_by=user,
            signed_at=at,
            edition=edition,
        )
        Placement.objects.filter(page__issue=issue).update(is_open=False)
    return issue


def _describe(blocker: Blocker) -> str:
    page = _("Page %(number)d") % {"number": blocker.page.number} if blocker.page else ""
    title = f"《{blocker.article.title}》" if blocker.article else ""
    return " ".join(part for part in (page, title, blocker.reason) if part)


def _print_edition(issue: Issue, release_at: dt.datetime, user: User, at: dt.datetime) -> Edition:
    edition = press.print_edition(
        number=issue.number,
        date=issue.date,
        release_at=release_at,
        pages=list(issue.pages.values_list("number", "name")),
        signed_by=display_name(user),
        signed_at=at,
    )
    pages = {page.number: page for page in edition.pages.all()}
    for placement in Placement.objects.filter(page__issue=issue).in_order():
        printing.log_release(
            placement.article,
            release_at=release_at,
            user=user,
            at=at,
            page=pages[placement.page.number],
            position=placement.position,
        )
    press.seal_edition(edition)
    return edition


def reopen(issue: Issue, *, user: User, at: dt.datetime) -> Issue:
    """Open a closed issue again, or void the signature of one that is not out yet.

    Raises Forbidden, Conflict.
    """
    _require("reopen", user)
    with transaction.atomic():
        issue = _lock(issue.pk)
        if issue.state == Issue.State.SIGNED:
            return _void_signature(issue, user, at)
        return _change_state(issue, Issue.State.CLOSED, Issue.State.PLANNING)


def _void_signature(issue: Issue, user: User, at: dt.datetime) -> Issue:
    edition = issue.edition
    if edition is None or edition.release_at <= at:
        raise Conflict(_("The issue is out. Correct or withdraw single articles instead."))
    Placement.objects.filter(page__issue=issue).update(is_open=True)
    for placement in Placement.objects.filter(page__issue=issue).in_order():
        if placement.article.status(at) == State.SCHEDULED:
            printing.take_back(placement.article, user=user, at=at)
    voided = {"edition": None, "signed_by": None, "signed_at": None}
    issue = _change_state(issue, Issue.State.SIGNED, Issue.State.PLANNING, **voided)
    press.unprint_edition(edition, at=at)
    return issue
