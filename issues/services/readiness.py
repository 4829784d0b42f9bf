"""What keeps an issue from being signed, and what its chief should know before he signs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from articles.content import from_json
from articles.models import Article
from articles.services.rules import findings_of
from articles.states import State
from proofing.rules import Word
from proofing.services import house_words

from ..models import Issue, Page, Placement
from .room import OVER, room_of


@dataclass(frozen=True, slots=True)
class Blocker:
    """One thing about an issue: on which page, which article, why; a warning blocks nothing."""

    page: Page | None
    article: Article | None
    reason: str
    is_warning: bool = False


def blockers(issue: Issue, at: dt.datetime) -> list[Blocker]:
    """Return what keeps `issue` from being signed, page by page: the readiness list."""
    return [found for found in readiness(issue, at) if not found.is_warning]


def readiness(issue: Issue, at: dt.datetime) -> list[Blocker]:
    """Return what blocks `issue` and what is only to be known, page by page; four queries."""
    placements = list(
        Placement.objects.filter(page__issue=issue)
        .in_order()
        .with_photo_counts()
        .select_related("article__approved_revision")
    )
    words = house_words() if placements else []
    found: list[Blocker] = []
    pages = list(issue.pages.all())
    for page in pages:
        mine = [placement for placement in placements if placement.page_id == page.pk]
        if not mine:
            found.append(Blocker(page, None, _("The page is empty.")))
        for placement in mine:
            found += _article_blockers(page, placement.article, at, words)
        found += _warnings(page, mine)
    if not pages:
        found.append(Blocker(None, None, _("The issue has no page.")))
    return found


def _article_blockers(
    page: Page, article: Article, at: dt.datetime, words: Sequence[Word]
) -> Iterable[Blocker]:
    state = article.status(at)
    if state not in {State.APPROVED, State.SCHEDULED, State.PUBLISHED}:
        yield Blocker(page, article, _("Not signed: %(state)s.") % {"state": state.label})
        return
    revision = article.approved_revision
    assert revision is not None
    content = from_json(revision.content)
    if any(not row.credit for row in content.photos):
        yield Blocker(page, article, _("A photo has no credit."))
    # The house list may have grown since the article was signed.
    blocking = [found.excerpt for found in findings_of(content, words) if found.is_blocking]
    if blocking and state == State.APPROVED:
        said = {"words": "、".join(dict.fromkeys(blocking))}
        yield Blocker(page, article, _("A word of the house list stands in it: %(words)s.") % said)


def _warnings(page: Page, placements: Sequence[Placement]) -> Iterable[Blocker]:
    room = room_of(page, placements)
    if room.state == OVER:
        said = {"chars": room.chars - room.room_chars, "photos": room.photos - room.room_photos}
        if room.room_chars and said["chars"] > 0:
            yield Blocker(page, None, _("%(chars)d characters too many.") % said, is_warning=True)
        if room.room_photos and said["photos"] > 0:
            yield Blocker(page, None, _("%(photos)d photos too many.") % said, is_warning=True)
    for name in room.empty_columns:
        said_name = {"name": name}
        yield Blocker(page, None, _("The column “%(name)s” is empty.") % said_name, is_warning=True)


def describe(blocker: Blocker) -> str:
    """Return a blocker as a sentence: page, article, reason."""
    page = _("Page %(number)d") % {"number": blocker.page.number} if blocker.page else ""
    title = f"《{blocker.article.title}》" if blocker.article else ""
    return " ".join(part for part in (page, title, blocker.reason) if part)
