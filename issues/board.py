"""What the board of an issue shows: its pages as columns, the pool beside, what blocks."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Max

from articles.models import Article
from articles.states import READING_NAMES, READINGS, State
from articles.workflow import actor_of

from . import services
from .models import Issue, Placement
from .services import may_on_issues

#: So many articles stand in the pool beside the pages.
CANDIDATES = 60


def context(issue: Issue, user: User, at: dt.datetime) -> dict[str, Any]:
    """Return the board of `issue` as `user` sees it at `at`; the number of queries is fixed."""
    placements = list(
        Placement.objects.filter(page__issue=issue)
        .in_order()
        .with_photo_counts()
        .prefetch_related("article__bylines__contributor")
    )
    may = may_do(issue, user, at)
    found = [] if issue.state == Issue.State.SIGNED else services.readiness(issue, at)
    seen = _seen(placements, user, at)
    return {
        "issue": issue,
        "pages": [
            _page(page, placements, seen, at) for page in issue.pages.select_related("editor")
        ],
        "blockers": [one for one in found if not one.is_warning],
        "warnings": [one for one in found if one.is_warning],
        "may": may,
        "candidates": candidates(user, at) if may["place"] else [],
        "seen": seen,
        "mark": mark_of(issue, at),
        "at": at,
        "is_out": issue.standing(at)[0] == "out",
        "is_late": issue.state != Issue.State.SIGNED and issue.cutoff_at <= at,
        "standing": issue.standing(at),
    }


def _seen(placements: list[Placement], user: User, at: dt.datetime) -> set[int]:
    """Return the ids of the placed articles that `user` may open and move."""
    wanted = [placement.article_id for placement in placements]
    rows = Article.objects.visible_to(actor_of(user), at).filter(pk__in=wanted)
    return set(rows.values_list("pk", flat=True))


def _page(
    page: Any, placements: list[Placement], seen: set[int], at: dt.datetime
) -> dict[str, Any]:
    mine = [placement for placement in placements if placement.page_id == page.pk]
    return {
        "page": page,
        "continued": [one for one in placements if one.continued_on_id == page.pk],
        "room": services.room_of(page, mine),
        "rows": [
            _card(placement.article, at)
            | {"placement": placement, "is_seen": placement.article_id in seen}
            for placement in mine
        ],
    }


def _card(article: Article, at: dt.datetime) -> dict[str, Any]:
    state = article.status(at)
    return {
        "article": article,
        "state": state,
        "waits_for": READING_NAMES[state] if state in READINGS else "",
    }


def candidates(user: User, at: dt.datetime) -> list[dict[str, Any]]:
    """Return what can be placed: seen by the person, on no page, not out; signed first."""
    rows = (
        Article.objects.visible_to(actor_of(user), at)
        .filter(state__in=[state.value for state in services.PLACEABLE], story=None)
        .exclude(placements__is_open=True)
        .for_lists()[:CANDIDATES]
    )
    found = [_card(row, at) for row in rows]
    order = [State.APPROVED, *reversed(READINGS)]
    found.sort(key=lambda row: order.index(row["state"]) if row["state"] in order else len(order))
    return found


def may_do(issue: Issue, user: User, at: dt.datetime) -> dict[str, bool]:
    """Return which actions the board offers to the person now."""
    can = {name: may_on_issues(name, user) for name in services.MAY}
    states = Issue.State
    is_out = issue.edition is not None and issue.edition.release_at <= at
    is_open = services.is_open_for(issue, user, at)
    return {
        "place": can["place"] and is_open,
        "plan": can["plan"] and is_open,
        "close": can["close"] and issue.standing(at)[0] == states.PLANNING,
        "sign": can["sign"] and issue.is_closed(at),
        "reopen": can["reopen"] and _can_reopen(issue, at) and not is_out,
        "pdf": can["plan"] and issue.state == states.SIGNED,
        "handoff": can["place"],
        "hours": services.may_set_hours(issue, user, at),
    }


def _can_reopen(issue: Issue, at: dt.datetime) -> bool:
    """Return whether it is signed, or closed by hand while its cut-off is still to come."""
    states = Issue.State
    return issue.state == states.SIGNED or (issue.state == states.CLOSED and issue.cutoff_at > at)


def mark_of(issue: Issue, at: dt.datetime) -> str:
    """Return what changes whenever the board would look different.

    The plan, a placed article, or the hour: an issue closes, and comes out, by itself.
    """
    placed = Article.objects.filter(placements__page__issue=issue)
    last = placed.aggregate(last=Max("updated_at"))["last"]
    return f"{issue.version}:{issue.standing(at)[0]}:{last.timestamp() if last else 0:.3f}"
