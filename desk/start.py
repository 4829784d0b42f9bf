"""What the start page shows to whom."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Prefetch, prefetch_related_objects

from articles.models import Article
from articles.progress import progress_of
from articles.querysets import row_parts
from articles.workflow import WRITERS, Role, actor_of
from issues import queue
from issues.models import Issue, Placement
from issues.querysets import readiness
from issues.services import blockers
from paper.models import Paper

from . import house
from .counts import PLACERS, READERS, unplaced
from .navigation import PLANNERS

MINE = 8
WAITING = 20
BLOCKERS = 6
ISSUES = 3
_HOUR = dt.timedelta(hours=1)


def context(user: User | AnonymousUser, at: dt.datetime, paper: Paper) -> dict[str, Any]:
    """Return what the start page shows to `user` at `at`, by his roles."""
    actor = actor_of(user)
    found: dict[str, Any] = {"at": at}
    # Rows first, then what all of them show beside: once for both lists.
    own = list(Article.objects.own(actor).for_lists().prefetch_related(None)[:MINE])
    waiting = []
    if actor.roles & READERS:
        waiting = list(queue.queue(actor, at).prefetch_related(None)[:WAITING])
    prefetch_related_objects([*own, *waiting], *row_parts())
    if actor.roles & WRITERS:
        found["can_write"] = True
        found["is_writer_first"] = not actor.roles & READERS
        found["lives"] = progress_of(own, at, paper)
    if actor.roles & READERS:
        found["waiting"] = queue.rows_of(waiting, actor, at)
    if actor.roles & PLANNERS - {Role.ADMINISTRATOR}:
        found["issues"] = _issues(at)
        found["may_plan"] = bool(actor.roles & PLACERS)
    if actor.roles & PLACERS:
        found["blockers"] = _blockers(found["issues"], at)
        found["unplaced"] = list(unplaced().for_lists().prefetch_related(None)[:MINE])
    if actor.has(Role.ADMINISTRATOR):
        found["house"] = house.state_of_house()
    return found


def _issues(at: dt.datetime) -> list[dict[str, Any]]:
    """Return the next issues with the readiness of their pages."""
    placed = Placement.objects.select_related("article__story")
    rows = Issue.objects.open().prefetch_related(Prefetch("pages__placements", placed))[:ISSUES]
    return [
        {"issue": issue, "pages": readiness(issue, at), "age": _pressure(issue.cutoff_at, at)}
        for issue in rows
    ]


def _blockers(issues: list[dict[str, Any]], at: dt.datetime) -> dict[str, Any]:
    """Return what keeps the next issue from its signature: the first few, and how many in all."""
    if not issues:
        return {}
    found = blockers(issues[0]["issue"], at)
    return {"first": found[:BLOCKERS], "more": max(0, len(found) - BLOCKERS)}


def _pressure(cutoff: dt.datetime, at: dt.datetime) -> str:
    """Return how near the cut-off of an issue is, as a traffic light: 6 hours, 2 hours."""
    left = cutoff - at
    return queue.LIGHTS[(left <= 6 * _HOUR) + (left <= 2 * _HOUR)]
