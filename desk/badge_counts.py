"""Counts of pending items for the navigation's badges, in one query."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import User
from django.db.models import IntegerField, QuerySet, Subquery
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from articles.models import Article
from articles.querysets import ArticleQuerySet
from articles.workflow.states import State
from articles.workflow.transitions import Actor, actor_of
from notifications.models import Notification
from paper.base_admin import DeskRequest
from paper.permissions import Capability


class CountRows(Subquery):
    """Number of rows of a query as a subquery expression."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) _rows)"
    output_field = IntegerField()


def badge_counts(actor: Actor, at: dt.datetime) -> dict[str, int]:
    """Return the number of items that are pending for `actor` at `at`, by badge, in one query.

    `mine` counts the actor's drafts, `waiting` articles that they may review, `unplaced` approved
    articles without a page, `notifications` unread notifications. Badges without permission are
    left out.
    """
    rows: dict[str, QuerySet] = {"notifications": Notification.objects.of(actor.user).unread()}
    if actor.may(Capability.WRITE_ARTICLES):
        rows["mine"] = Article.objects.own(actor).filter(state=State.DRAFT)
    if actor.may(Capability.REVIEW):
        rows["waiting"] = Article.objects.waiting_for(actor, at)
    if actor.may(Capability.PLAN_ISSUES):
        rows["unplaced"] = unplaced()
    expressions = [CountRows(found.order_by().values("pk")) for found in rows.values()]
    counts = User.objects.filter(pk=actor.user.pk).values_list(*expressions).get()
    return dict(zip(rows, counts, strict=True))


def unplaced() -> ArticleQuerySet:
    """Return approved articles that are neither published nor placed on a page."""
    rows = Article.objects.filter(state=State.APPROVED, story=None)
    return rows.exclude(placements__is_open=True)


@never_cache
@require_safe
def counts_json(request: DeskRequest) -> JsonResponse:
    """Return the counts as JSON, for the script that polls them each minute."""
    return JsonResponse(badge_counts(actor_of(request.user), timezone.now()))


def counts_of(request: HttpRequest) -> dict[str, int]:
    """Return the counts for the user of `request`."""
    return badge_counts(actor_of(request.user), timezone.now())
