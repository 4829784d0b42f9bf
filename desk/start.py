"""What the start page shows to whom."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser, User

from articles.models import Article
from articles.progress import progress_of
from articles.states import State
from articles.workflow import WRITERS, Actor, Role, actor_of
from issues.models import Issue, Placement
from issues.querysets import readiness
from issues.services import blockers

from . import house
from .counts import PLACERS, READERS, unplaced
from .navigation import PLANNERS

MINE = 8
WAITING = 20
BLOCKERS = 6
ISSUES = 3
_HOUR = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Waiting:
    """An article that waits for the person: its state, its place, and how pressing it is."""

    article: Article
    state: State
    place: Placement | None
    is_mine: bool
    age: str


def context(user: User | AnonymousUser, at: dt.datetime) -> dict[str, Any]:
    """Return what the start page shows to `user` at `at`, by his roles."""
    actor = actor_of(user)
    found: dict[str, Any] = {"at": at}
    if actor.roles & WRITERS:
        found["can_write"] = True
        found["is_writer_first"] = not actor.roles & READERS
        found["lives"] = progress_of(Article.objects.own(actor).for_lists()[:MINE], at)
    if actor.roles & READERS:
        found["waiting"] = _waiting(actor, at)
    if actor.roles & PLANNERS - {Role.ADMINISTRATOR}:
        found["issues"] = _issues(at)
        found["may_plan"] = bool(actor.roles & PLACERS)
    if actor.roles & PLACERS:
        found["blockers"] = _blockers(found["issues"], at)
        found["unplaced"] = list(unplaced().for_lists()[:MINE])
    if actor.has(Role.ADMINISTRATOR):
        found["house"] = house.state_of_house()
    return found


def _issues(at: dt.datetime) -> list[dict[str, Any]]:
    """Return the next issues with the readiness of their pages."""
    rows = Issue.objects.open().prefetch_related("pages__placements__article__story")[:ISSUES]
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


def _waiting(actor: Actor, at: dt.datetime) -> list[Waiting]:
    """Return what the person may read now: what is on a page first, by its cut-off; then by age."""
    rows = list(Article.objects.waiting_for(actor, at).for_lists()[: WAITING * 2])
    placed = Placement.objects.filter(article__in=rows, is_open=True)
    places = {place.article_id: place for place in placed.select_related("page__issue")}

    def urgency(article: Article) -> tuple[bool, Any, Any]:
        place = places.get(article.pk)
        cutoff = place.page.issue.cutoff_at if place else at
        return (place is None, cutoff, article.submitted_at or article.created_at)

    rows.sort(key=urgency)
    return [_row(article, places.get(article.pk), actor, at) for article in rows[:WAITING]]


def _row(article: Article, place: Placement | None, actor: Actor, at: dt.datetime) -> Waiting:
    is_mine = article.taken_by_id == actor.user.pk
    age = _age(article.submitted_at or article.created_at, at)
    if place is not None:
        age = max(age, _pressure(place.page.issue.cutoff_at, at), key=_AGES.index)
    return Waiting(article, article.status(at), place, is_mine, age)


_AGES = ("calm", "soon", "late")


def _age(since: dt.datetime, at: dt.datetime) -> str:
    """Return how long something has waited, as a traffic light: 4 hours, a day."""
    waited = at - since
    return _AGES[(waited >= 4 * _HOUR) + (waited >= 24 * _HOUR)]


def _pressure(cutoff: dt.datetime, at: dt.datetime) -> str:
    """Return how near a cut-off is, as a traffic light: 6 hours, 2 hours."""
    left = cutoff - at
    return _AGES[(left <= 6 * _HOUR) + (left <= 2 * _HOUR)]
