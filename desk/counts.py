"""How many things wait for a person, by the place where they wait; one query for all."""

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
from articles.states import State
from articles.workflow import WRITERS, Actor, Role, actor_of
from notices.models import Notice
from paper.admin_base import DeskRequest

READERS = frozenset({Role.EDITOR, Role.HEAD, Role.CHIEF})
#: Who is told what is approved and stands on no page.
PLACERS = frozenset({Role.HEAD, Role.CHIEF})


class CountRows(Subquery):
    """The number of rows of a query, as one value."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) _rows)"
    output_field = IntegerField()


def counts(actor: Actor, at: dt.datetime) -> dict[str, int]:
    """Return how many things wait for `actor` at `at`, by place, in one query.

    `mine` are his drafts, `waiting` what he may read, `unplaced` what is approved and on no page,
    `notices` what he has been told and not read. A place that is not his is left out.
    """
    rows: dict[str, QuerySet] = {"notices": Notice.objects.of(actor.user).unread()}
    if actor.roles & WRITERS:
        rows["mine"] = Article.objects.own(actor).filter(state=State.DRAFT)
    if actor.roles & READERS:
        rows["waiting"] = Article.objects.waiting_for(actor, at)
    if actor.roles & PLACERS:
        rows["unplaced"] = unplaced()
    asked = [CountRows(found.order_by().values("pk")) for found in rows.values()]
    found = User.objects.filter(pk=actor.user.pk).values_list(*asked).get()
    return dict(zip(rows, found, strict=True))


def unplaced() -> ArticleQuerySet:
    """Return what is approved, not printed and on no page: it waits for a decision."""
    rows = Article.objects.filter(state=State.APPROVED, story=None)
    return rows.exclude(placements__is_open=True)


@never_cache
@require_safe
def counts_json(request: DeskRequest) -> JsonResponse:
    """Answer with the counts, for the page that asks again each minute."""
    return JsonResponse(counts(actor_of(request.user), timezone.now()))


def counts_of(request: HttpRequest) -> dict[str, int]:
    """Return the counts for the page that `request` asks for."""
    return counts(actor_of(request.user), timezone.now())
