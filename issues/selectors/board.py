"""Context of the issue board: pages as columns, unplaced articles, and blockers."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Max

from articles.models import Article
from articles.workflow.states import REVIEWS, State
from articles.workflow.transitions import actor_of
from paper.reviews import REVIEW_NAMES

from .. import services
from ..models import Issue, Placement
from ..services import may_on_issues
from ..services.audit_log import ACTIONS
from ..standings import has_passed

#: Maximum number of unplaced articles shown next to the pages.
CANDIDATES = 60


def context(issue: Issue, user: User, at: dt.datetime) -> dict[str, Any]:
    """Return the board of `issue` as `user` sees it at `at`, in a fixed number of queries."""
    placements = list(
        Placement.objects.filter(page__issue=issue)
        .in_order()
        .with_photo_counts()
        .prefetch_related("article__bylines__contributor")
    )
    may = may_do(issue, user, at)
    found = [] if issue.state == Issue.State.SIGNED else services.readiness(issue, at)
    seen = seen_articles(placements, user, at)
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
        "mark": board_version(issue, at),
        "at": at,
        "is_out": issue.standing(at)[0] == "out",
        "is_late": issue.state != Issue.State.SIGNED and has_passed(issue.cutoff_at, at),
        "standing": issue.standing(at),
        "log": [(row, ACTIONS.get(row.action, row.action)) for row in issue.log.all()],
    }


def seen_articles(placements: list[Placement], user: User, at: dt.datetime) -> set[int]:
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
        "room": services.capacity_of(page, mine),
        "rows": [
            _card(placement.article, at)
            | {
                "placement": placement,
                "is_seen": placement.article_id in seen,
                "title": placement.title_for(is_seen=placement.article_id in seen),
            }
            for placement in mine
        ],
    }


def _card(article: Article, at: dt.datetime) -> dict[str, Any]:
    state = article.status(at)
    return {
        "article": article,
        "state": state,
        "waits_for": REVIEW_NAMES[state] if state in REVIEWS else "",
    }


def candidates(user: User, at: dt.datetime) -> list[dict[str, Any]]:
    """Return the visible articles that can be placed, signed ones first."""
    rows = (
        Article.objects.visible_to(actor_of(user), at)
        .filter(state__in=[state.value for state in services.PLACEABLE], story=None)
        .exclude(placements__is_open=True)
        .for_lists()[:CANDIDATES]
    )
    found = [_card(row, at) for row in rows]
    order = [State.APPROVED, *reversed(REVIEWS)]
    found.sort(key=lambda row: order.index(row["state"]) if row["state"] in order else len(order))
    return found


def may_do(issue: Issue, user: User, at: dt.datetime) -> dict[str, bool]:
    """Return the actions that the board offers to the user now."""
    can = {name: may_on_issues(name, user) for name in services.ACTION_CAPABILITIES}
    states = Issue.State
    is_out = issue.edition is not None and has_passed(issue.edition.release_at, at)
    is_open = services.is_open_for(issue, user, at)
    return {
        "place": can["place"] and is_open,
        "plan": can["plan"] and is_open,
        "close": can["close"] and issue.standing(at)[0] == states.PLANNING,
        "sign": can["sign"] and issue.is_closed(at),
        "reopen": can["reopen"] and _can_reopen(issue, at) and not is_out,
        "pdf": can["plan"] and issue.state == states.SIGNED,
        "handoff": can["handoff"],
        "hours": services.may_set_deadlines(issue, user, at),
    }


def _can_reopen(issue: Issue, at: dt.datetime) -> bool:
    """Return whether the issue is signed, or closed by hand before its cut-off."""
    states = Issue.State
    is_early = not has_passed(issue.cutoff_at, at)
    return issue.state == states.SIGNED or (issue.state == states.CLOSED and is_early)


def board_version(issue: Issue, at: dt.datetime) -> str:
    """Return a version that changes whenever the board would look different.

    It depends on the plan, the placed articles and the time: an issue closes and comes out without
    an action.
    """
    placed = Article.objects.filter(placements__page__issue=issue)
    last = placed.aggregate(last=Max("updated_at"))["last"]
    return f"{issue.version}:{issue.standing(at)[0]}:{last.timestamp() if last else 0:.3f}"
