"""What the start page shows to whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import AnonymousUser, User

from articles.models import Article, LogEntry
from articles.states import State
from articles.workflow import WRITERS, Actor, Role, actor_of
from issues.models import Issue, Placement
from issues.querysets import readiness
from paper.models import Section

from .counts import PLACERS, READERS, unplaced
from .navigation import PLANNERS

MINE = 8
WAITING = 20


def context(user: User | AnonymousUser, at: dt.datetime) -> dict[str, Any]:
    """Return the lists of the start page for the roles of `user`."""
    actor = actor_of(user)
    found: dict[str, Any] = {"at": at}
    if actor.roles & WRITERS:
        found["can_write"] = True
        found["mine"] = _lives(Article.objects.own(actor).for_lists()[:MINE], at)
    if actor.roles & READERS:
        found["waiting"] = _waiting(actor, at)
    if actor.roles & PLANNERS - {Role.ADMINISTRATOR}:
        issues = Issue.objects.open().prefetch_related("pages__placements__article__story")[:3]
        found["issues"] = [(issue, readiness(issue, at)) for issue in issues]
    if actor.roles & PLACERS:
        found["unplaced"] = list(unplaced().for_lists()[:MINE])
    if actor.has(Role.ADMINISTRATOR):
        found["is_administrator"] = True
        found["is_unset"] = not Section.objects.exists()
    return found


def _lives(articles: Iterable[Article], at: dt.datetime) -> list[dict[str, Any]]:
    """Return each article with its state, its last return and where it was printed."""
    rows = list(articles)
    returns: dict[int, LogEntry] = {}
    for entry in LogEntry.objects.filter(
        article__in=rows, move__in=["return", "restore", "spike"]
    ).select_related("by"):
        returns[entry.article_id] = entry
    places = {
        place.article_id: place
        for place in Placement.objects.filter(article__in=rows).select_related("page__issue")
    }
    return [
        {
            "article": row,
            "state": row.status(at),
            "holder": row.held_by(at),
            "why": returns.get(row.pk) if row.state in {State.DRAFT, State.SPIKED} else None,
            "place": places.get(row.pk),
        }
        for row in rows
    ]


def _waiting(actor: Actor, at: dt.datetime) -> list[dict[str, Any]]:
    """Return what the person may read now: what is on a page first, by its cut-off; then by age."""
    rows = list(Article.objects.waiting_for(actor, at).for_lists()[: WAITING * 2])
    places = {
        place.article_id: place
        for place in Placement.objects.filter(article__in=rows, is_open=True).select_related(
            "page__issue"
        )
    }

    def urgency(article: Article) -> tuple[bool, Any, Any]:
        place = places.get(article.pk)
        cutoff = place.page.issue.cutoff_at if place else at
        return (place is None, cutoff, article.submitted_at or article.created_at)

    rows.sort(key=urgency)
    return [
        {"article": row, "state": row.status(at), "place": places.get(row.pk)}
        for row in rows[:WAITING]
    ]
