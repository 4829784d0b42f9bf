"""From the desk to print: freeze the signed revision, release it, take it back, withdraw it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bylines.models import Contributor
from paper.models import Section, Town
from photos.models import Photo
from press import services as press
from press.frozen import frozen_sha
from press.models import EditionPage, Story

from ..content import BylineRow, PhotoRow, from_json
from ..errors import Conflict, Invalid
from ..models import Article, LogEntry
from ..states import State
from . import rules
from .machine import make_move, ready


def copy_of(article: Article) -> press.Copy:
    """Return the signed revision of `article`, resolved to what print needs."""
    revision = article.approved_revision
    assert revision is not None, "the database refuses an approved article without its revision"
    content = from_json(revision.content)
    return press.Copy(
        section=Section.objects.get(pk=content.section or 0),
        headline=content.headline,
        body=content.body,
        revision=revision.number,
        sha256=revision.sha256,
        kind=content.kind,
        kicker=content.kicker,
        subhead=content.subhead,
        dateline=content.dateline,
        unit=content.unit,
        towns=list(Town.objects.filter(pk__in=content.towns)),
        tags=content.tags,
        byline=_byline(content.bylines),
        photos=_photos(content.photos),
    )


def _byline(rows: Sequence[BylineRow]) -> list[press.BylineEntry]:
    people = Contributor.objects.in_bulk([row.contributor for row in rows])
    return [press.BylineEntry(people[row.contributor], row.role, row.label) for row in rows]


def _photos(rows: Sequence[PhotoRow]) -> list[press.PhotoCopy]:
    photos = Photo.objects.in_bulk([row.photo for row in rows])
    return [press.PhotoCopy(photos[row.photo], row.caption, row.credit, row.alt) for row in rows]


def print_article(
    article: Article,
    *,
    release_at: dt.datetime,
    page: EditionPage | None = None,
    position: int = 0,
) -> Story:
    """Freeze the signed revision as a story that readers see from `release_at` on."""
    return press.print_story(copy_of(article), release_at=release_at, page=page, position=position)


def reprint_article(article: Article, *, at: dt.datetime) -> str:
    """Replace the story in print by the signed correction, and return its seal.

    The note comes from the log, which is sealed. Raises Conflict if the story was withdrawn.
    """
    assert article.story is not None
    asked = LogEntry.objects.filter(article=article, move="correct").latest("pk")
    try:
        story = press.reprint_story(
            article.story,
            copy_of(article),
            kind=article.correction_kind,
            note=asked.note,
            at=at,
        )
    except press.NotInPrint as error:
        raise Conflict(rules.meanwhile(article, at)) from error
    return frozen_sha(story)


def release(
    article: Article,
    *,
    user: User,
    at: dt.datetime,
    release_at: dt.datetime | None = None,
    version: int | None = None,
) -> LogEntry:
    """Print an approved article on its own, at `release_at` or now; a scheduled one anew.

    Raises Hidden, Forbidden, Conflict; Invalid for a time that has passed.
    """
    when = release_at or at
    if when < at:
        raise Invalid([_("This time has passed. Choose a later one, or release now.")])
    with transaction.atomic():
        article = ready(article, "release", user, at, version)
        _require_no_signed_issue(article)
        return log_release(article, release_at=when, user=user, at=at)


def log_release(
    article: Article,
    *,
    release_at: dt.datetime,
    user: User,
    at: dt.datetime,
    page: EditionPage | None = None,
    position: int = 0,
) -> LogEntry:
    """Print or reschedule an approved article and log it; the caller has checked who may.

    Used by a release on its own and by the signature of an issue.
    """
    if article.story is None:
        story = print_article(article, release_at=release_at, page=page, position=position)
        changes: dict[str, Any] = {"story": story}
    else:
        _reschedule(article, release_at, at, page, position)
        story, changes = article.story, {}
    return make_move(
        article,
        "release",
        State.APPROVED,
        user=user,
        at=at,
        revision=article.approved_revision,
        note=timezone.localtime(release_at).strftime("%Y-%m-%d %H:%M"),
        printed=frozen_sha(story),
        details=_details(release_at, page),
        **changes,
    )


def _details(release_at: dt.datetime, page: EditionPage | None) -> dict[str, Any]:
    """Return what the author is told of the release: when, and where it stands."""
    details: dict[str, Any] = {"when": release_at.isoformat()}
    if page is not None:
        details |= {"number": page.edition.number, "page": page.number}
    return details


def _reschedule(
    article: Article,
    release_at: dt.datetime,
    at: dt.datetime,
    page: EditionPage | None,
    position: int,
) -> None:
    assert article.story is not None
    try:
        if page is not None:
            press.set_page(article.story, page, position)
        if article.story.release_at > at:
            press.move_release(article.story, release_at, at=at)
    except press.NotInPrint as error:
        raise Conflict(rules.meanwhile(article, at)) from error


def _require_no_signed_issue(article: Article) -> None:
    if article.story is not None and article.story.page_id is not None:
        raise Conflict(_("The article belongs to a signed issue. Reopen the issue to change it."))


def unrelease(
    article: Article, *, user: User, at: dt.datetime, version: int | None = None
) -> LogEntry:
    """Take back a release that readers have not seen yet."""
    with transaction.atomic():
        article = ready(article, "unrelease", user, at, version)
        _require_no_signed_issue(article)
        return take_back(article, user=user, at=at)


def take_back(article: Article, *, user: User, at: dt.datetime) -> LogEntry:
    """Delete the unseen story of `article` and log it. Raises Conflict if it came out."""
    stories = Story.objects.filter(pk=article.story_id or 0)
    entry = make_move(article, "unrelease", State.APPROVED, user=user, at=at, story=None)
    try:
        press.unprint_stories(stories, at=at)
    except press.NotInPrint as error:
        raise Conflict(rules.meanwhile(article, at)) from error
    return entry


def withdraw(
    article: Article, *, user: User, at: dt.datetime, reason: str, version: int | None = None
) -> LogEntry:
    """Take a published story off every reader's page at once, with the reason they read (410)."""
    with transaction.atomic():
        article = ready(article, "withdraw", user, at, version)
        note = rules.require_reason(reason)
        entry = make_move(
            article,
            "withdraw",
            State.WITHDRAWN,
            user=user,
            at=at,
            note=note,
            revision=article.approved_revision,
        )
        assert article.story is not None
        try:
            press.withdraw_story(article.story, reason=note, at=at)
        except press.NotInPrint as error:
            raise Conflict(rules.meanwhile(article, at)) from error
    return entry
