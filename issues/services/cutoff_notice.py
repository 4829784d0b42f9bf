"""Notification of the responsible heads one hour before the cut-off of an issue."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse

from articles.workflow.states import State
from notifications.models import NotificationEvent
from notifications.services import notify
from paper.permissions import Capability, people_who_may

from ..models import Issue, Placement
from ..standings import NEAR


def notify_cutoffs(at: dt.datetime) -> int:
    """Notify heads and chiefs of each issue that closes within the hour after `at`.

    A periodic task of the outbox. It notifies once per cut-off, and again if the cut-off is moved.
    Returns the number of issues.
    """
    issues = list(Issue.objects.standing("planning", at).filter(cutoff_at__lte=at + NEAR))
    if not issues:
        return 0
    people = people_who_may(Capability.OVERSEE_ARTICLES)
    for issue in issues:
        notify(
            people,
            NotificationEvent.CUTOFF,
            "cutoff",
            key=f"issue:{issue.pk}:{issue.cutoff_at.timestamp():.0f}",
            data={
                "number": issue.number,
                "when": issue.cutoff_at.isoformat(),
                "waiting": _waiting(issue),
            },
            url=reverse("admin:issues_issue_change", args=[issue.pk]),
            at=at,
        )
    return len(issues)


def _waiting(issue: Issue) -> int:
    """Return the number of placed articles of `issue` without a final signature."""
    placed = Placement.objects.filter(page__issue=issue)
    return placed.exclude(article__state=State.APPROVED).count()
