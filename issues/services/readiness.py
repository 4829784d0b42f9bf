"""What keeps an issue from being signed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from articles.content import from_json
from articles.models import Article
from articles.states import State

from ..models import Issue, Page, Placement


@dataclass(frozen=True, slots=True)
class Blocker:
    """One thing that keeps an issue from being signed: on which page, which article, why."""

    page: Page | None
    article: Article | None
    reason: str


def blockers(issue: Issue, at: dt.datetime) -> list[Blocker]:
    """Return what keeps `issue` from being signed, page by page: the readiness list."""
    found: list[Blocker] = []
    placements = list(
        Placement.objects.filter(page__issue=issue)
        .in_order()
        .select_related("article__approved_revision")
    )
    for page in issue.pages.all():
        mine = [p for p in placements if p.page_id == page.pk]
        if not mine:
            found.append(Blocker(page, None, _("The page is empty.")))
        for placement in mine:
            found += _article_blockers(page, placement.article, at)
    if not issue.pages.all():
        found.append(Blocker(None, None, _("The issue has no page.")))
    return found


def _article_blockers(page: Page, article: Article, at: dt.datetime) -> list[Blocker]:
    state = article.status(at)
    if state not in {State.APPROVED, State.SCHEDULED, State.PUBLISHED}:
        return [Blocker(page, article, _("Not signed: %(state)s.") % {"state": state.label})]
    revision = article.approved_revision
    assert revision is not None
    return [
        Blocker(page, article, _("A photo has no credit."))
        for row in from_json(revision.content).photos
        if not row.credit
    ]


def describe(blocker: Blocker) -> str:
    """Return a blocker as a sentence: page, article, reason."""
    page = _("Page %(number)d") % {"number": blocker.page.number} if blocker.page else ""
    title = f"《{blocker.article.title}》" if blocker.article else ""
    return " ".join(part for part in (page, title, blocker.reason) if part)
