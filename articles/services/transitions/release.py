"""Release approved articles at a time, alone or with an issue, and cancel a release."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from press import services as press
from press.models import EditionPage, Story
from press.snapshot_hash import RELATIONS, snapshot_sha256
from textkit.digest import utc

from ...exceptions import Conflict, Invalid
from ...models import Article, LogEntry
from ..notifications import notify_released
from ..publishing import PrintedPlace, publish_articles
from ..transitions.engine import TransitionPart, lock_and_check, make_transitions


def release(
    article: Article,
    *,
    user: User,
    at: dt.datetime,
    release_at: dt.datetime | None = None,
    version: int | None = None,
) -> LogEntry:
    """Release an approved article alone, at `release_at` or now; reschedule a scheduled one.

    Raises Hidden, Forbidden, Conflict; Invalid for a time that has passed.
    """
    when = release_at or at
    if when < at:
        raise Invalid([_("This time has passed. Choose a later one, or release now.")])
    with transaction.atomic():
        article = lock_and_check(article, "release", user, at, version)
        _require_no_signed_issue(article)
        return log_releases([PrintedPlace(article)], release_at=when, user=user, at=at)[0]


def log_releases(
    places: Sequence[PrintedPlace], *, release_at: dt.datetime, user: User, at: dt.datetime
) -> list[LogEntry]:
    """Publish or reschedule approved articles and log it; the caller has checked the permission.

    Used by a single release and by the signature of an issue. A story that is out keeps its time.
    The articles are locked; the number of queries does not depend on their number. Raises Conflict
    where a story came out in the meantime. Call it inside a transaction.
    """
    publish_articles([one for one in places if one.article.story is None], release_at=release_at)
    _reschedule([one for one in places if one.article.story is not None], release_at, at)
    stories = [place.article.story for place in places if place.article.story is not None]
    prefetch_related_objects(stories, *RELATIONS)
    note = timezone.localtime(release_at).strftime("%Y-%m-%d %H:%M")
    parts = [
        TransitionPart(
            place.article,
            note=note,
            printed=snapshot_sha256(story),
            details={"release_at": utc(release_at)},
        )
        for place, story in zip(places, stories, strict=True)
    ]
    entries = make_transitions(parts, "release", user=user, at=at)
    notify_released(entries, [_details(release_at, place.page) for place in places])
    return entries


def _details(release_at: dt.datetime, page: EditionPage | None) -> dict[str, Any]:
    """Return the data of the author's notification: release time, issue number and page."""
    details: dict[str, Any] = {"when": release_at.isoformat()}
    if page is not None:
        details |= {"number": page.edition.number, "page": page.number}
    return details


def _reschedule(places: Sequence[PrintedPlace], release_at: dt.datetime, at: dt.datetime) -> None:
    """Set the page of published stories and, where readers have not seen them yet, the time."""
    rows = [(one.article.story, one.page, one.position) for one in places]
    press.set_pages([(story, page, n) for story, page, n in rows if story and page])
    unseen = [story for story, _page, _n in rows if story and story.release_at > at]
    try:
        press.move_releases(unseen, release_at, at=at)
    except press.NotPublished as error:
        raise Conflict(
            _("One of the articles has just been published. Please check again.")
        ) from error


def _require_no_signed_issue(article: Article) -> None:
    if article.story is not None and article.story.page_id is not None:
        raise Conflict(_("The article belongs to a signed issue. Reopen the issue to change it."))


def unrelease(
    article: Article, *, user: User, at: dt.datetime, version: int | None = None
) -> LogEntry:
    """Cancel a release that readers have not seen yet."""
    with transaction.atomic():
        article = lock_and_check(article, "unrelease", user, at, version)
        _require_no_signed_issue(article)
        return cancel_release([article], user=user, at=at)[0]


def cancel_release(articles: Sequence[Article], *, user: User, at: dt.datetime) -> list[LogEntry]:
    """Delete the unseen stories of `articles`, which are locked, and log it.

    Raises Conflict if one came out.
    """
    stories = [article.story_id for article in articles if article.story_id]
    for article in articles:
        article.story = None
    entries = make_transitions(
        [TransitionPart(article) for article in articles], "unrelease", user=user, at=at
    )
    try:
        press.unpublish_stories(Story.objects.filter(pk__in=stories), at=at)
    except press.NotPublished as error:
        raise Conflict(
            _("One of the articles has just been published. Please check again.")
        ) from error
    return entries
