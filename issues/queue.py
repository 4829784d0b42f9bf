"""The queue of the readings (审稿台): what waits for a person, the most pressing first."""

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
from articles.states import State
from articles.workflow import Actor

from .models import Placement

#: An article that waits no longer than this is in good time, and no longer than that soon late.
CALM, SOON = dt.timedelta(hours=2), dt.timedelta(hours=6)
#: So near its cut-off an article is late, however short it has waited.
NEAR = dt.timedelta(hours=1)
#: The lights in the order of urgency: green, amber, red.
LIGHTS = ("calm", "soon", "late")
_WORDS = {"calm": _("in time"), "soon": _("soon due"), "late": _("urgent")}


@dataclass(frozen=True, slots=True)
class Waiting:
    """An article that waits for a reading: its place, who has it, and how pressing it is.

    `age` is one of `LIGHTS`; `has_signed` that the person signed another reading of it and may
    not sign this one; `comments` how many are not settled.
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
        """Return the light in words."""
        return str(_WORDS[self.age])


def light(since: dt.datetime, cutoff: dt.datetime | None, at: dt.datetime) -> str:
    """Return how pressing something is at `at` that waits since `since`, as one of `LIGHTS`."""
    if cutoff is not None and cutoff - at < NEAR:
        return "late"
    waited = at - since
    return LIGHTS[(waited >= CALM) + (waited >= SOON)]


def queue(actor: Actor, at: dt.datetime, which: str = "waiting") -> ArticleQuerySet:
    """Return the articles that wait for `actor`, ordered for work, as the lists show them.

    Those on a page come first, the nearest cut-off before all; then those that wait longest.
    `which` is "waiting" (he may take them), "mine" (he has taken them), "others" (a colleague has)
    or "signed" (he signed another reading, a colleague signs this one). Bodies are not loaded.
    """
    rows = Article.objects.to_read_by(actor)
    if which == "mine":
        rows = Article.objects.taken_by_reader(actor)
    elif which == "others":
        rows = rows.filter(taken_by__isnull=False, taken_at__gte=at - HOLD)
        rows = rows.exclude(taken_by=actor.user)
    elif which == "signed":
        rows = Article.objects.for_another_reader(actor)
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


def rows_of(articles: Iterable[Article], actor: Actor, at: dt.datetime) -> list[Waiting]:
    """Return the rows of a part of `queue`, with their places on pages."""
    found: list[Any] = list(articles)
    placed = Placement.objects.filter(article__in=found, is_open=True)
    places = {place.article_id: place for place in placed.select_related("page__issue")}
    unsettled = Comment.objects.filter(article__in=found, parent=None, resolved_at=None)
    comments = Counter(unsettled.values_list("article", flat=True))
    rows = [_row(article, places.get(article.pk), actor, at) for article in found]
    return [replace(row, comments=comments[row.article.pk]) for row in rows]


def _row(article: Any, place: Placement | None, actor: Actor, at: dt.datetime) -> Waiting:
    cutoff = place.page.issue.cutoff_at if place else None
    return Waiting(
        article=article,
        state=article.status(at),
        place=place,
        holder=article.held_by(at),
        is_mine=article.taken_by_id == actor.user.pk,
        has_signed=article.has_signed,
        comments=0,
        age=light(article.submitted_at or article.created_at, cutoff, at),
    )
