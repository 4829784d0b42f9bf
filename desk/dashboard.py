"""Context of the dashboard, by the user's roles."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Prefetch, prefetch_related_objects

from articles.models import Article
from articles.querysets import row_parts
from articles.selectors.progress import progress_of
from articles.workflow.transitions import Actor, actor_of
from issues.models import Issue, Placement
from issues.querysets import readiness
from issues.selectors import review_queue
from issues.services import blockers
from paper.models import Paper
from paper.permissions import Capability

from . import setup_checklist
from .badge_counts import unplaced
from .first_steps import first_steps

OWN_ARTICLES = 8
MAX_WAITING = 20
LATEST = 12
BLOCKERS = 6
ISSUES = 3
_HOUR = dt.timedelta(hours=1)


def dashboard_context(user: User | AnonymousUser, at: dt.datetime, paper: Paper) -> dict[str, Any]:
    """Return the context of the dashboard for `user` at `at`, by their roles."""
    actor = actor_of(user)
    found: dict[str, Any] = {"at": at}
    # Load the rows first, then prefetch their related objects once for both lists.
    own = list(Article.objects.own(actor).for_lists().prefetch_related(None)[:OWN_ARTICLES])
    waiting = []
    if actor.may(Capability.REVIEW):
        waiting = list(review_queue.review_queue(actor, at).prefetch_related(None)[:MAX_WAITING])
    prefetch_related_objects([*own, *waiting], *row_parts())
    if actor.may(Capability.WRITE_ARTICLES):
        found["can_write"] = True
        found["is_writer_first"] = not actor.may(Capability.REVIEW)
        found["lives"] = progress_of(own, at, paper)
    if actor.may(Capability.REVIEW):
        found["waiting"] = review_queue.rows_of(waiting, actor, at)
    if actor.may(Capability.LIST_ALL_ARTICLES) and not _has_own_work(actor):
        listed = Article.objects.listed_for(actor, at).for_lists()
        found["latest"] = [(row, row.status(at)) for row in listed[:LATEST]]
    if actor.may(Capability.FOLLOW_ISSUES):
        found["issues"] = _issues(at)
        found["may_plan"] = actor.may(Capability.PLAN_ISSUES)
    if actor.may(Capability.PLAN_ISSUES):
        found["blockers"] = _blockers(found["issues"], at)
        found["unplaced"] = list(unplaced().for_lists().prefetch_related(None)[:OWN_ARTICLES])
    if actor.may(Capability.MANAGE_SETTINGS):
        found["setup"] = setup_checklist.setup_checklist()
    if settings.DEMO:
        found["first_steps"] = first_steps(actor.roles)
    return found


def _has_own_work(actor: Actor) -> bool:
    """Return whether the dashboard shows the user's own work; others get the latest articles."""
    return actor.may(Capability.WRITE_ARTICLES) or actor.may(Capability.MANAGE_SETTINGS)


def _issues(at: dt.datetime) -> list[dict[str, Any]]:
    """Return the next issues with the readiness of their pages."""
    placed = Placement.objects.select_related("article__story")
    rows = Issue.objects.open().prefetch_related(Prefetch("pages__placements", placed))[:ISSUES]
    return [
        {"issue": issue, "pages": readiness(issue, at), "age": _pressure(issue.cutoff_at, at)}
        for issue in rows
    ]


def _blockers(issues: list[dict[str, Any]], at: dt.datetime) -> dict[str, Any]:
    """Return what blocks the signature of the next issue: the first few, and how many more."""
    if not issues:
        return {}
    found = blockers(issues[0]["issue"], at)
    return {"first": found[:BLOCKERS], "more": max(0, len(found) - BLOCKERS)}


def _pressure(cutoff: dt.datetime, at: dt.datetime) -> str:
    """Return the traffic light for the time to the cut-off, with limits at 6 and 2 hours."""
    left = cutoff - at
    return review_queue.URGENCY_LEVELS[(left <= 6 * _HOUR) + (left <= 2 * _HOUR)]
