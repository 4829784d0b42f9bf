"""Implementation of `articles.issue_plan.IssuePlan`: placements of articles in issues."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from django.db import transaction
from django.db.models import Q

from articles.issue_plan import PlannedPlace
from articles.models import Article, LogEntry
from articles.workflow.states import State

from .models import Placement
from .services.placing import take_off_dropped


class ArticlePlan:
    """The placements of articles."""

    def places_of(self, article_ids: Iterable[int]) -> Mapping[int, PlannedPlace]:
        """Return the newest place of each article that has one, in one query."""
        rows = Placement.objects.filter(article__in=list(article_ids)).order_by("pk")
        return {
            row.article_id: PlannedPlace(
                row.page.issue_id,
                row.page.issue.number,
                row.page.issue.date,
                row.page.number,
                row.page.name,
            )
            for row in rows.select_related("page__issue")
        }

    def in_issue(self, issue: int | dt.date) -> Q:
        """Return the condition for articles placed in the issue of this number or date."""
        field = "date" if isinstance(issue, dt.date) else "number"
        rows = Placement.objects.filter(**{f"page__issue__{field}": issue})
        return Q(pk__in=rows.order_by().values("article"))

    def placed(self) -> Q:
        """Return the condition for articles placed on a page of an issue that is not signed."""
        rows = Placement.objects.filter(is_open=True)
        return Q(pk__in=rows.order_by().values("article"))

    def after_transition(self, article: Article, entry: LogEntry) -> None:
        """Take a spiked article off its page, once the transition is committed.

        This cannot run in the transition's own transaction. That transaction locks the article, a
        placement locks the issue, and each would wait for the other.
        """
        if entry.to_state == State.SPIKED:
            transaction.on_commit(lambda: take_off_dropped(article))
