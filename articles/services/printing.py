"""From the desk to print: freeze the signed revision, release it, take it back, withdraw it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from bylines.models import Contributor
from paper.models import Section, Town
from photos.models import Photo
from press import services as press
from press.frozen import frozen_sha
from press.models import EditionPage, Story

from ..content import from_json
from ..errors import Conflict, Invalid
from ..models import Article, LogEntry, Revision
from ..states import State
from . import rules
from .machine import Deed, make_move, make_moves, ready
from .telling import tell_released


def copies_of(revisions: Sequence[Revision]) -> list[press.Copy]:
    """Return signed revisions, resolved to what print needs; the number of queries is fixed."""
    contents = [from_json(revision.content) for revision in revisions]
    sections = Section.objects.in_bulk({content.section or 0 for content in contents})
    towns = Town.objects.in_bulk({pk for content in contents for pk in content.towns})
    rows = [row for content in contents for row in content.bylines]
    people = Contributor.objects.in_bulk({row.contributor for row in rows})
    photos = Photo.objects.in_bulk({row.photo for content in contents for row in content.photos})
    return [
        press.Copy(
            section=sections[content.section or 0],
            headline=content.headline,
            body=content.body,
            revision=revision.number,
            sha256=revision.sha256,
            kind=content.kind,
            kicker=content.kicker,
            subhead=content.subhead,
            dateline=content.dateline,
            unit=content.unit,
            towns=sorted(
                (towns[pk] for pk in content.towns if pk in towns), key=lambda t: (t.order, t.pk)
            ),
            tags=content.tags,
            byline=[
                press.BylineEntry(people[row.contributor], row.role, row.label)
                for row in content.bylines
            ],
            photos=[
                press.PhotoCopy(photos[row.photo], row.caption, row.credit, row.alt)
                for row in content.photos
            ],
        )
        for revision, content in zip(revisions, contents, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Place:
    """Where in print an article goes: a page of an edition and the position on it, or neither."""

    article: Article
    page: EditionPage | None = None
    position: int = 0


def print_articles(places: Sequence[Place], *, release_at: dt.datetime) -> None:
    """Freeze signed revisions as stories that readers see from `release_at` on; sets `story`."""
    revisions = [place.article.approved_revision for place in places]
    # The database refuses an approved article without its revision.
    copies = copies_of([revision for revision in revisions if revision is not None])
    stories = press.print_stories(
        [
            press.Print(copy, release_at, place.page, place.position)
            for copy, place in zip(copies, places, strict=True)
        ]
    )
    for place, story in zip(places, stories, strict=True):
        place.article.story = story


def reprint_article(article: Article, *, at: dt.datetime) -> str:
    """Replace the story in print by the signed correction, and return its seal.

    The note comes from the log, which is sealed. Raises Conflict if the story was withdrawn.
    """
    assert article.story is not None
    assert article.approved_revision is not None
    asked = LogEntry.objects.filter(article=article, move="correct").latest("pk")
    try:
        story = press.reprint_story(
            article.story,
            copies_of([article.approved_revision])[0],
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
        return log_releases([Place(article)], release_at=when, user=user, at=at)[0]


def log_releases(
    places: Sequence[Place], *, release_at: dt.datetime, user: User, at: dt.datetime
) -> list[LogEntry]:
    """Print or reschedule approved articles and log it; the caller has checked who may.

    Used by a release on its own and by the signature of an issue. What is out already keeps its
    time. The articles are locked; the number of queries does not depend on how many there are.
    Raises Conflict where one came out meanwhile; call it inside a transaction.
    """
    print_articles([one for one in places if one.article.story is None], release_at=release_at)
    _reschedule([one for one in places if one.article.story is not None], release_at, at)
    stories = [place.article.story for place in places if place.article.story is not None]
    prefetch_related_objects(stories, "storycontributor_set", "photos")
    note = timezone.localtime(release_at).strftime("%Y-%m-%d %H:%M")
    deeds = [
        Deed(place.article, note=note, printed=frozen_sha(story))
        for place, story in zip(places, stories, strict=True)
    ]
    entries = make_moves(deeds, "release", user=user, at=at)
    tell_released(entries, [_details(release_at, place.page) for place in places])
    return entries


def _details(release_at: dt.datetime, page: EditionPage | None) -> dict[str, Any]:
    """Return what the author is told of the release: when, and where it stands."""
    details: dict[str, Any] = {"when": release_at.isoformat()}
    if page is not None:
        details |= {"number": page.edition.number, "page": page.number}
    return details


def _reschedule(places: Sequence[Place], release_at: dt.datetime, at: dt.datetime) -> None:
    """Give stories that are printed already their page and, where nobody saw them yet, the time."""
    told = [(one.article.story, one.page, one.position) for one in places]
    press.set_pages([(story, page, n) for story, page, n in told if story and page])
    unseen = [story for story, _page, _n in told if story and story.release_at > at]
    try:
        press.move_releases(unseen, release_at, at=at)
    except press.NotInPrint as error:
        raise Conflict(_("One of the articles came out meanwhile. Please look again.")) from error


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
        return take_back([article], user=user, at=at)[0]


def take_back(articles: Sequence[Article], *, user: User, at: dt.datetime) -> list[LogEntry]:
    """Delete the unseen stories of `articles`, which are locked, and log it.

    Raises Conflict if one came out.
    """
    stories = [article.story_id for article in articles if article.story_id]
    for article in articles:
        article.story = None
    entries = make_moves([Deed(article) for article in articles], "unrelease", user=user, at=at)
    try:
        press.unprint_stories(Story.objects.filter(pk__in=stories), at=at)
    except press.NotInPrint as error:
        raise Conflict(_("One of the articles came out meanwhile. Please look again.")) from error
    return entries


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
