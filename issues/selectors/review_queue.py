"""The review queue (审稿台): articles waiting for the user's review, most urgent first."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, F, FilteredRelation, Q
from django.utils.translation import gettext_lazy as _

from articles.models import Article, Comment
from articles.querysets import HOLD, ArticleQuerySet, signed_by
from articles.workflow.states import State
from articles.workflow.transitions import Actor

from ..models import Placement
from ..standings import is_near

#: Waiting times up to which an article is in good time, and soon late.
CALM, SOON = dt.timedelta(hours=2), dt.timedelta(hours=6)
#: Urgency levels in order: green, amber, red.
URGENCY_LEVELS = ("calm", "soon", "late")
_WORDS = {"calm": _("on time"), "soon": _("due soon"), "late": _("urgent")}


@dataclass(frozen=True, slots=True)
class WaitingArticle:
    """An article that waits for a review: its place, its holder and its urgency.

    `age` is one of `URGENCY_LEVELS`. `has_signed` says that the user signed another review of it
    and may not sign this one. `comments` is the number of open comments.
    """

    article: Article
    state: State
    place: Placement | None
    holder: Any
    is_mine: bool
    has_signed: bool
    comments: int
    age: str

    @property
    def urgency(self) -> str:
        """Return the label of the urgency level."""
        return str(_WORDS[self.age])


def urgency_of(since: dt.datetime, cutoff: dt.datetime | None, at: dt.datetime) -> str:
    """Return the urgency at `at` of a wait since `since`, as one of `URGENCY_LEVELS`."""
    # Near its cut-off an article is late, however short it has waited.
    if cutoff is not None and is_near(cutoff, at):
        return "late"
    waited = at - since
    return URGENCY_LEVELS[(waited >= CALM) + (waited >= SOON)]


def review_queue(actor: Actor, at: dt.datetime, which: str = "waiting") -> ArticleQuerySet:
    """Return the articles that wait for `actor`, in order of work, with the columns of a list.

    Placed articles come first, the nearest cut-off first; then those that have waited longest.
    `which` is "waiting" (the user may take them), "mine" (the user has taken them), "others" (a
    colleague has) or "signed" (the user signed another review, and a colleague signs this one).
    Bodies are not loaded.
    """
    rows = Article.objects.to_review_by(actor)
    if which == "mine":
        rows = Article.objects.taken_by_reviewer(actor)
    elif which == "others":
        rows = rows.filter(taken_by__isnull=False, taken_at__gte=at - HOLD)
        rows = rows.exclude(taken_by=actor.user)
    elif which == "signed":
        rows = Article.objects.for_another_reviewer(actor)
    else:
        rows = Article.objects.waiting_for(actor, at)
    return _ordered(rows, actor)


def _ordered(rows: ArticleQuerySet, actor: Actor) -> ArticleQuerySet:
    return (
        rows.for_lists()
        .annotate(
            open_place=FilteredRelation("placements", condition=Q(placements__is_open=True)),
            has_signed=ExpressionWrapper(signed_by(actor), output_field=BooleanField()),
        )
        .order_by(
            F("open_place__page__issue__cutoff_at").asc(nulls_last=True), "submitted_at", "id"
        )
    )


def rows_of(articles: Iterable[Article], actor: Actor, at: dt.datetime) -> list[WaitingArticle]:
    """Return the rows of a part of the queue, with their places on pages."""
    found: list[Any] = list(articles)
    placed = Placement.objects.filter(article__in=found, is_open=True)
    places = {place.article_id: place for place in placed.select_related("page__issue")}
    unsettled = Comment.objects.filter(article__in=found, parent=None, resolved_at=None)
    comments = Counter(unsettled.values_list("article", flat=True))
    rows = [_row(article, places.get(article.pk), actor, at) for article in found]
    return [replace(row, comments=comments[row.article.pk]) for row in rows]


def _row(article: Any, place: Placement | None, actor: Actor, at: dt.datetime) -> WaitingArticle:
    cutoff = place.page.issue.cutoff_at if place else None
    return WaitingArticle(
        article=article,
        state=article.status(at),
        place=place,
        holder=article.held_by(at),
        is_mine=article.taken_by_id == actor.user.pk,
        has_signed=article.has_signed,
        comments=0,
        age=urgency_of(article.submitted_at or article.created_at, cutoff, at),
    )
