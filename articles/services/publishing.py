"""Publication of articles: freezes signed revisions as stories, and republishes corrections."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from bylines.models import Contributor
from paper.models import Section, Town
from photos.models import Photo
from press import services as press
from press.models import EditionPage
from press.snapshot_hash import snapshot_sha256

from ..content import from_json
from ..exceptions import Conflict
from ..models import Article, LogEntry, Revision
from ..selectors.recent_changes import conflict_message


def copies_of(revisions: Sequence[Revision]) -> list[press.StoryCopy]:
    """Return copies of signed revisions with their related rows, in a fixed number of queries."""
    contents = [from_json(revision.content) for revision in revisions]
    sections = Section.objects.in_bulk({content.section or 0 for content in contents})
    towns = Town.objects.in_bulk({pk for content in contents for pk in content.towns})
    rows = [row for content in contents for row in content.bylines]
    people = Contributor.objects.in_bulk({row.contributor for row in rows})
    photos = Photo.objects.in_bulk({row.photo for content in contents for row in content.photos})
    return [
        press.StoryCopy(
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
class PrintedPlace:
    """The place of an article in print: a page of an edition and the position on it, or neither."""

    article: Article
    page: EditionPage | None = None
    position: int = 0


def publish_articles(places: Sequence[PrintedPlace], *, release_at: dt.datetime) -> None:
    """Freeze signed revisions as stories, visible to readers from `release_at` on; sets `story`."""
    revisions = [place.article.approved_revision for place in places]
    # A database constraint requires an approved article to have its revision.
    copies = copies_of([revision for revision in revisions if revision is not None])
    stories = press.publish_stories(
        [
            press.PublicationJob(copy, release_at, place.page, place.position)
            for copy, place in zip(copies, places, strict=True)
        ]
    )
    for place, story in zip(places, stories, strict=True):
        place.article.story = story


def republish_article(article: Article, *, at: dt.datetime) -> str:
    """Replace the published story with the signed correction, and return its seal.

    The note comes from the log, which is sealed. Raises Conflict if the story was withdrawn.
    """
    assert article.story is not None
    assert article.approved_revision is not None
    asked = LogEntry.objects.filter(article=article, transition="correct").latest("pk")
    try:
        story = press.republish_story(
            article.story,
            copies_of([article.approved_revision])[0],
            kind=article.correction_kind,
            note=asked.note,
            at=at,
        )
    except press.NotPublished as error:
        raise Conflict(conflict_message(article, at)) from error
    return snapshot_sha256(story)
