"""Querysets of issues, pages and placements."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from articles.models import ArticlePhoto

from .standings import standing_q

if TYPE_CHECKING:
    from .models import Issue, Placement  # noqa: F401 - named in a string below


class IssueQuerySet(models.QuerySet["Issue"]):
    """Issues at the desk."""

    def open(self) -> IssueQuerySet:
        """Return the issues that are not signed yet, the nearest first."""
        return self.exclude(state="signed").order_by("date", "part")

    def standing(self, name: str, at: dt.datetime) -> IssueQuerySet:
        """Return the issues whose `Issue.standing` is `name` at `at`."""
        return self.filter(standing_q(name, at))


class PlacementQuerySet(models.QuerySet["Placement"]):
    """Placements in the order of the paper."""

    def in_order(self) -> PlacementQuerySet:
        """Return the placements by page and position, with the related rows of a plan."""
        return self.select_related(
            "page", "continued_on", "article__section", "article__story", "article__taken_by"
        ).order_by("page__number", "position", "id")

    def with_photo_counts(self) -> PlacementQuerySet:
        """Return the placements with the number of photos of each article as `photo_count`."""
        # A subquery: a join would multiply the counts of other joins.
        photos = ArticlePhoto.objects.filter(article=OuterRef("article"))
        counted = photos.order_by().values("article").annotate(n=Count("pk")).values("n")
        return self.annotate(photo_count=Coalesce(Subquery(counted), 0))


def readiness(issue: Issue, at: dt.datetime) -> list[dict[str, Any]]:
    """Return the numbers of placed and of ready articles for each page of `issue`.

    Uses prefetched pages and placements, so that a list of issues needs no further queries.
    """
    ready = {"approved", "scheduled", "published"}
    found = []
    for page in issue.pages.all():
        states = [placement.article.status(at).value for placement in page.placements.all()]
        done = sum(state in ready for state in states)
        found.append(
            {
                "page": page,
                "placed": len(states),
                "ready": done,
                "is_ready": bool(states) and done == len(states),
            }
        )
    return found
