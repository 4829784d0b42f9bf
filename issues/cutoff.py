"""The cut-off of an issue comes near: who answers for it is told what still waits."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import User
from django.urls import reverse

from articles.states import State
from articles.workflow import Role
from notices.models import Event
from notices.services import tell

from .models import Issue, Placement

#: How long before the cut-off it is told.
NEAR = dt.timedelta(hours=1)


def tell_cutoffs(at: dt.datetime) -> int:
    """Tell desk heads and chiefs of each issue that closes within the hour after `at`.

    Called every half minute; a cut-off is told once, a moved one anew. Returns how many issues.
    """
    near = Issue.objects.filter(state=Issue.State.PLANNING, cutoff_at__gt=at)
    issues = list(near.filter(cutoff_at__lte=at + NEAR))
    if not issues:
        return 0
    people = User.objects.filter(groups__name__in=[Role.HEAD, Role.CHIEF]).distinct()
    for issue in issues:
        tell(
            people,
            Event.CUTOFF,
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
    """Return how many placed articles of `issue` nobody has signed to the end."""
    placed = Placement.objects.filter(page__issue=issue)
    return placed.exclude(article__state=State.APPROVED).count()
