"""Who may do what with an issue, and until when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import F
from django.utils.translation import gettext as _

from articles.errors import Conflict, Forbidden
from articles.workflow import Role, actor_of
from paper.roles import roles_of

from ..models import Issue

#: Who may do what with an issue; an editor plans, the chief answers for the whole.
MAY: dict[str, frozenset[Role]] = {
    "plan": frozenset({Role.HEAD, Role.CHIEF}),
    "place": frozenset({Role.EDITOR, Role.HEAD, Role.CHIEF}),
    "close": frozenset({Role.HEAD, Role.CHIEF}),
    "reopen": frozenset({Role.CHIEF}),
    "sign": frozenset({Role.CHIEF}),
}


def may_on_issues(action: str, user: User | AnonymousUser) -> bool:
    """Return whether the roles of `user` allow `action` (a key of MAY) on issues."""
    return bool(roles_of(user) & MAY[action])


def sees_issues(user: User | AnonymousUser) -> bool:
    """Return whether `user` sees the plans of issues: who plans them, and the administrator."""
    return bool(roles_of(user) & (MAY["place"] | {Role.ADMINISTRATOR}))


def is_open_for(issue: Issue, user: User, at: dt.datetime) -> bool:
    """Return whether `user` may still place articles in `issue` at `at`."""
    try:
        require_open(issue, user, at)
    except Conflict:
        return False
    return True


def require(action: str, user: User) -> None:
    """Raise Forbidden where the roles of `user` do not allow `action` (a key of MAY)."""
    if not may_on_issues(action, user):
        raise Forbidden(_("Your role does not allow this on issues."))


def require_open(issue: Issue, user: User | None, at: dt.datetime) -> None:
    """Raise Conflict where `user` (None: the console) may not change the plan of `issue` now."""
    if issue.state == Issue.State.SIGNED:
        raise Conflict(_("The issue is signed. Reopen it to change it."))
    if issue.is_closed(at) and user is not None and not actor_of(user).has(Role.CHIEF):
        raise Conflict(_("The issue is past its cut-off. Only the chief adds to it now."))


def lock(issue_id: int) -> Issue:
    """Return the issue, locked against other writers until the transaction ends."""
    return Issue.objects.select_for_update().get(pk=issue_id)


def lock_all(pks: Iterable[int]) -> list[Issue]:
    """Return the issues, locked in one order, so that nobody waits crosswise for another."""
    return list(Issue.objects.select_for_update().filter(pk__in=list(pks)).order_by("pk"))


def require_version(issue: Issue, version: int | None) -> None:
    """Raise Conflict where `issue` has changed since `version`, the one that was looked at."""
    if version is not None and version != issue.version:
        raise Conflict(_("The issue has changed since you looked at it. Please look again."))


def touch(issue: Issue) -> None:
    """Count a change of the plan, so that who looked before it is told."""
    Issue.objects.filter(pk=issue.pk).update(version=F("version") + 1)


def change_state(issue: Issue, source: str, target: str, **changes: object) -> Issue:
    """Move an issue from one state to another, once. Raises Conflict where it is elsewhere."""
    rows = Issue.objects.filter(pk=issue.pk, state=source)
    if not rows.update(state=target, version=F("version") + 1, **changes):
        fresh = Issue.objects.get(pk=issue.pk)
        raise Conflict(
            _("This cannot be done now: the issue is in the state “%(state)s”.")
            % {"state": fresh.get_state_display()}
        )
    issue.refresh_from_db()
    return issue
