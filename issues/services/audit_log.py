"""Sealed audit log of an issue: each row covers the previous one, so a forgery is detectable.

The content of a row's `details` depends on its action:

- hours: `cutoff_at` and `release_at`, in UTC;
- reschedule: `release_at`, in UTC;
- page: `numbers` of the pages whose image, areas or continuations changed after print;
- archive: `operator` and `files` that old pages came from;
- baseline: nothing; the issue was signed before issues had a log.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from django.contrib.auth.models import User
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.exceptions import Conflict
from bylines.services import display_name
from paper.permissions import roles_of
from press import services as press
from textkit.digest import sha256_of, utc

from ..models import Issue, IssueLogEntry

#: Labels of the actions.
ACTIONS = {
    "close": gettext_lazy("closed"),
    "reopen": gettext_lazy("reopened"),
    "sign": gettext_lazy("signed"),
    "void": gettext_lazy("signature voided"),
    "hours": gettext_lazy("times changed"),
    "reschedule": gettext_lazy("release moved"),
    "page": gettext_lazy("page image or areas changed"),
    "archive": gettext_lazy("archive import"),
    "baseline": gettext_lazy("log started"),
}
#: The version of the data that the seal of a new row covers; a new field needs a new version.
#: Version 1: all columns of the row except its id.
SEAL_VERSION = 1


def append(
    issue: Issue,
    action: str,
    *,
    user: User | None,
    at: dt.datetime,
    name: str = "",
    to_state: str = "",
    printed: str = "",
    details: Mapping[str, Any] | None = None,
    **changes: Any,
) -> IssueLogEntry:
    """Change an issue and seal a row of its log in one conditional UPDATE; refresh `issue`.

    `name` is that of the operator where `user` is None. The UPDATE is conditional on the state, the
    chain and the version that `issue` holds. It writes `to_state` (empty: unchanged), `changes` and
    the next version. Raises Conflict where the issue has changed. Call it inside a transaction.
    """
    entry = IssueLogEntry(
        issue=issue,
        action=action,
        from_state=issue.state,
        to_state=to_state or issue.state,
        by=user,
        by_name=(name or display_name(user))[:60],
        by_roles=",".join(sorted(roles_of(user))) if user else "",
        at=at,
        version=issue.version + 1,
        printed=printed,
        details=dict(details or {}),
        seal_version=SEAL_VERSION,
    )
    entry.chain = link(entry, issue.chain)
    here = Issue.objects.filter(pk=issue.pk, state=issue.state, chain=issue.chain)
    if not here.filter(version=issue.version).update(
        chain=entry.chain, state=entry.to_state, version=F("version") + 1, **changes
    ):
        raise Conflict(conflict_message(issue))
    entry.save(force_insert=True)
    issue.refresh_from_db()
    return entry


def log_edition(
    issue: Issue,
    action: str,
    *,
    user: User | None,
    at: dt.datetime,
    name: str = "",
    details: Mapping[str, Any] | None = None,
) -> IssueLogEntry:
    """Seal the current edition of `issue`, and log what changed it after print."""
    assert issue.edition is not None
    printed = press.seal_edition(issue.edition)
    return append(issue, action, user=user, at=at, name=name, printed=printed, details=details)


def conflict_message(issue: Issue) -> str:
    """Return the message that explains why an action on `issue` is refused."""
    state = Issue.objects.get(pk=issue.pk).get_state_display()
    values = {"state": state}
    return _("You cannot do this now: the issue is in the state “%(state)s”.") % values


def link(entry: IssueLogEntry, previous: str) -> str:
    """Return the SHA-256 over `previous` ("" for the first row) and the data of `entry`."""
    return sha256_of(
        {
            "action": entry.action,
            "at": utc(entry.at),
            "by": entry.by_id,
            "details": entry.details,
            "from": str(entry.from_state),
            "issue": entry.issue_id,
            "name": entry.by_name,
            "previous": previous,
            "printed": entry.printed,
            "roles": entry.by_roles,
            "seal": entry.seal_version,
            "to": str(entry.to_state),
            "version": entry.version,
        }
    )


def is_duplicate_click(
    issue: Issue, actions: Collection[str], user: User, known: int | None
) -> bool:
    """Return whether the last event is one of `actions`, by `user`, after version `known`."""
    last = IssueLogEntry.objects.filter(issue=issue.pk).last()
    if last is None or known is None or last.action not in actions or last.by_id != user.pk:
        return False
    is_newest = Issue.objects.filter(pk=issue.pk, version=last.version).exists()
    return is_newest and known < last.version
