"""Permissions on issues: who may make which change, and until when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import F
from django.utils.translation import gettext as _

from articles.exceptions import Conflict, Forbidden
from paper.permissions import Capability, may

from ..models import Issue

#: The capability that each action on an issue requires.
ACTION_CAPABILITIES: dict[str, Capability] = {
    "plan": Capability.PLAN_ISSUES,
    "place": Capability.PLACE_ARTICLES,
    "handoff": Capability.HAND_OVER_PAGES,
    "close": Capability.CLOSE_ISSUES,
    "reopen": Capability.SIGN_ISSUES,
    "sign": Capability.SIGN_ISSUES,
}


def may_on_issues(action: str, user: User | AnonymousUser) -> bool:
    """Return whether the roles of `user` allow `action`, a key of ACTION_CAPABILITIES."""
    return may(user, ACTION_CAPABILITIES[action])


def sees_issues(user: User | AnonymousUser) -> bool:
    """Return whether `user` sees the plans of issues: planning roles and administrators."""
    return may(user, Capability.SEE_ISSUES)


def is_open_for(issue: Issue, user: User, at: dt.datetime) -> bool:
    """Return whether `user` may still place articles in `issue` at `at`."""
    try:
        require_open(issue, user, at)
    except Conflict:
        return False
    return True


def require(action: str, user: User) -> None:
    """Raise Forbidden where the roles of `user` do not allow `action` (see `may_on_issues`)."""
    if not may_on_issues(action, user):
        raise Forbidden(_("Your role does not allow this for issues."))


def require_open(issue: Issue, user: User | None, at: dt.datetime) -> None:
    """Raise Conflict where `user` (None: the console) may not change the plan of `issue` now."""
    if issue.state == Issue.State.SIGNED:
        raise Conflict(_("The issue is signed. Reopen it to change it."))
    if issue.is_closed(at) and user is not None and not may(user, Capability.SIGN_ISSUES):
        raise Conflict(_("The issue is past its cut-off. Only the chief editor can change it now."))


def lock(issue_id: int) -> Issue:
    """Return the issue, locked against other writers until the transaction ends."""
    return Issue.objects.select_for_update().get(pk=issue_id)


def lock_all(pks: Iterable[int]) -> list[Issue]:
    """Return the issues, locked in order of id, so that deadlocks are impossible."""
    return list(Issue.objects.select_for_update().filter(pk__in=list(pks)).order_by("pk"))


def require_version(issue: Issue, version: int | None) -> None:
    """Raise Conflict where `issue` has changed since `version`, which the user saw."""
    if version is not None and version != issue.version:
        raise Conflict(_("The issue has changed since you opened it. Please check again."))


def touch(issue: Issue) -> None:
    """Raise the version of the plan, so that users who saw the previous one are refused."""
    Issue.objects.filter(pk=issue.pk).update(version=F("version") + 1)
