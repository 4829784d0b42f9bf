"""Readiness of an issue: what blocks its signature, and warnings for its chief."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from articles.content import from_json
from articles.models import Article
from articles.services.validation import findings_of
from articles.workflow.states import State
from proofing.rules import Word
from proofing.services import house_words

from ..models import Issue, Page, Placement
from .page_capacity import OVER, capacity_of


@dataclass(frozen=True, slots=True)
class IssueBlocker:
    """One problem of an issue: page, article and reason; a warning blocks nothing."""

    page: Page | None
    article: Article | None
    reason: str
    is_warning: bool = False


def blockers(issue: Issue, at: dt.datetime) -> list[IssueBlocker]:
    """Return what blocks the signature of `issue`, page by page: the readiness list."""
    return [found for found in readiness(issue, at) if not found.is_warning]


def readiness(issue: Issue, at: dt.datetime) -> list[IssueBlocker]:
    """Return the blockers and warnings of `issue`, page by page; four queries."""
    placements = list(
        Placement.objects.filter(page__issue=issue)
        .in_order()
        .with_photo_counts()
        .select_related("article__approved_revision")
    )
    words = house_words() if placements else []
    found: list[IssueBlocker] = []
    pages = list(issue.pages.all())
    for page in pages:
        mine = [placement for placement in placements if placement.page_id == page.pk]
        if not mine:
            found.append(IssueBlocker(page, None, _("The page is empty.")))
        for placement in mine:
            found += _article_blockers(page, placement.article, at, words)
        found += _warnings(page, mine)
    if not pages:
        found.append(IssueBlocker(None, None, _("The issue has no page.")))
    return found


def _article_blockers(
    page: Page, article: Article, at: dt.datetime, words: Sequence[Word]
) -> Iterable[IssueBlocker]:
    state = article.status(at)
    if state not in {State.APPROVED, State.SCHEDULED, State.PUBLISHED}:
        yield IssueBlocker(
            page, article, _("Not fully signed: %(state)s.") % {"state": state.label}
        )
        return
    revision = article.approved_revision
    assert revision is not None
    content = from_json(revision.content)
    if any(not row.credit for row in content.photos):
        yield IssueBlocker(page, article, _("A photo has no credit."))
    # The house word list may have grown since the article was signed.
    blocking = [found.excerpt for found in findings_of(content, words) if found.is_blocking]
    if blocking and state == State.APPROVED:
        said = {"words": "、".join(dict.fromkeys(blocking))}
        yield IssueBlocker(
            page, article, _("It contains a word on the house list: %(words)s.") % said
        )


def _warnings(page: Page, placements: Sequence[Placement]) -> Iterable[IssueBlocker]:
    room = capacity_of(page, placements)
    if room.state == OVER:
        said = {"chars": room.chars - room.room_chars, "photos": room.photos - room.room_photos}
        if room.room_chars and said["chars"] > 0:
            yield IssueBlocker(
                page, None, _("%(chars)d characters too many.") % said, is_warning=True
            )
        if room.room_photos and said["photos"] > 0:
            yield IssueBlocker(page, None, _("%(photos)d photos too many.") % said, is_warning=True)
    for name in room.empty_columns:
        said_name = {"name": name}
        yield IssueBlocker(
            page, None, _("The column “%(name)s” is empty.") % said_name, is_warning=True
        )


def describe(blocker: IssueBlocker) -> str:
    """Return a blocker as a sentence: page, article, reason."""
    page = _("Page %(number)d") % {"number": blocker.page.number} if blocker.page else ""
    title = f"《{blocker.article.title}》" if blocker.article else ""
    return " ".join(part for part in (page, title, blocker.reason) if part)
