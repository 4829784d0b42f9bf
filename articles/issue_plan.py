"""Interface through which articles query the plan of issues, which belongs to an app above.

`issues` registers its implementation when it is loaded (`issues.article_plan`). This respects the
import order, and each call can be followed in the code. Without a plan no article is placed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from django.db.models import Q

if TYPE_CHECKING:
    from .models import Article, LogEntry


@dataclass(frozen=True, slots=True)
class PlannedPlace:
    """The place where an article is planned or printed: an issue and its page."""

    issue_id: int
    issue_number: int
    date: dt.date
    page_number: int
    page_name: str


class IssuePlan(Protocol):
    """The interface that an app implements to plan issues."""

    def places_of(self, article_ids: Iterable[int]) -> Mapping[int, PlannedPlace]:
        """Return the newest place of each article that has one, in one query."""

    def in_issue(self, issue: int | dt.date) -> Q:
        """Return the condition for articles placed in the issue of this number or date."""

    def placed(self) -> Q:
        """Return the condition for articles placed on a page of an issue that is not signed."""

    def after_transition(self, article: Article, entry: LogEntry) -> None:
        """Update the plan after a transition; called inside its transaction."""


class _NoPlan:
    def places_of(self, article_ids: Iterable[int]) -> Mapping[int, PlannedPlace]:
        return {}

    def in_issue(self, issue: int | dt.date) -> Q:
        return Q(pk__in=[])

    def placed(self) -> Q:
        return Q(pk__in=[])

    def after_transition(self, article: Article, entry: LogEntry) -> None:
        pass


_plan: IssuePlan = _NoPlan()


def register(plan: IssuePlan) -> None:
    """Register the implementation; called once, by `AppConfig.ready`."""
    global _plan
    _plan = plan


def issue_plan() -> IssuePlan:
    """Return the registered implementation."""
    return _plan
