"""Story services: publish, correct, reschedule, take back, withdraw."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from bylines.models import Contributor
from paper.models import Section, Town
from paper.querysets import counts_marks
from photos.html import figure_html, row_of
from photos.models import Photo
from search.timeline import key_at
from textkit import truncate
from textkit.body import Body
from textkit.char_count import count_chars

from .. import search_index
from ..models import (
    Correction,
    EditionPage,
    Story,
    StoryContributor,
    StoryPhoto,
    StoryTag,
    StoryTown,
)
from .tags import tags_named

SUMMARY_CHARS = 90
INDEXED_BY = (StoryTown, StoryTag, StoryContributor)


class NotPublished(Exception):
    """The story is not in the state that the change needs: somebody else was first."""


@dataclass(frozen=True, slots=True)
class BylineEntry:
    """One contributor of a byline as printed."""

    contributor: Contributor
    role: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class PhotoCopy:
    """One photo of a story with its caption and credit as printed."""

    photo: Photo
    caption: str
    credit: str
    alt: str = ""


@dataclass(frozen=True, slots=True)
class StoryCopy:
    """A signed revision, resolved to everything that publication needs.

    `headline` has one line for each line as set; `revision` and `sha256` are those of the signed
    revision.
    """

    section: Section
    headline: str
    body: Body
    revision: int
    sha256: str
    kind: str = Story.Kind.STORY
    kicker: str = ""
    subhead: str = ""
    dateline: str = ""
    unit: str = ""
    towns: Sequence[Town] = ()
    tags: Sequence[str] = ()
    byline: Sequence[BylineEntry] = ()
    photos: Sequence[PhotoCopy] = field(default=())


@dataclass(frozen=True, slots=True)
class PublicationJob:
    """One story to publish: its copy, its release time, and its place on a page."""

    copy: StoryCopy
    release_at: dt.datetime
    page: EditionPage | None = None
    position: int = 0


def publish_stories(prints: Sequence[PublicationJob]) -> list[Story]:
    """Freeze each copy as a story that is visible from its release, and return them in order.

    The number of queries does not depend on the number of stories.
    """
    stories = [
        Story(release_at=one.release_at, page=one.page, position=one.position) for one in prints
    ]
    filed = list(zip(stories, (one.copy for one in prints), strict=True))
    marks = counts_marks()
    for story, copy in filed:
        _populate(story, copy, marks=marks)
    with transaction.atomic():
        Story.objects.bulk_create(stories)
        _index(filed)
    return stories


def republish_story(
    story: Story, copy: StoryCopy, *, kind: str, note: str, at: dt.datetime
) -> Story:
    """Replace the text of a published story by a signed correction; its URL does not change.

    `kind` is update, correction or apology, `note` the public sentence shown on top. Raises
    NotPublished if the story was withdrawn in the meantime.
    """
    with transaction.atomic():
        story = Story.objects.select_for_update().get(pk=story.pk)
        if story.withdrawn_at:
            raise NotPublished
        _populate(story, copy, marks=counts_marks())
        entry = {"kind": kind, "note": note, "at": timezone.localtime(at).isoformat()}
        story.corrections = [entry, *story.corrections]
        story.corrected_at = at
        story.save()
        Correction.objects.create(story=story, kind=kind, note=note, at=at)
        for rows in (story.photos, story.storycontributor_set):
            rows.all().delete()
        story.towns.clear()
        story.tags.clear()
        _index([(story, copy)])
    return story


def _populate(story: Story, copy: StoryCopy, *, marks: bool) -> None:
    """Set the text and the display copies that a page shows without further queries."""
    body = Body.from_html(copy.body, [entry.photo.pk for entry in copy.photos])
    text = body.text
    story.kind, story.section, story.unit = copy.kind, copy.section, copy.unit
    story.kicker, story.headline, story.subhead = copy.kicker, copy.headline, copy.subhead
    story.dateline, story.body = copy.dateline, body
    story.summary = truncate.excerpt(text, SUMMARY_CHARS)
    story.chars = count_chars(text, marks=marks)
    story.byline = [_byline_row(entry) for entry in copy.byline]
    story.places = [{"name": t.name, "url": t.get_absolute_url()} for t in copy.towns]
    story.tag_names = list(copy.tags)
    # Filled by `_embed_photos`, where the URLs of the photos are known.
    story.photo_list = []
    story.revision, story.sha256 = copy.revision, copy.sha256


def _byline_row(entry: BylineEntry) -> dict[str, object]:
    person = entry.contributor
    return {"id": person.pk, "name": person.name, "role": entry.role, "label": entry.label}


def _index(filed: Sequence[tuple[Story, StoryCopy]]) -> None:
    """Write the rows that list stories: contributors, towns, tags, photos."""
    tags = tags_named(name for _story, copy in filed for name in copy.tags)
    StoryTown.objects.bulk_create(
        StoryTown(story=story, release_at=story.release_at, town=town)
        for story, copy in filed
        for town in copy.towns
    )
    StoryTag.objects.bulk_create(
        StoryTag(story=story, release_at=story.release_at, tag=tags[name])
        for story, copy in filed
        for name in dict.fromkeys(copy.tags)
    )
    StoryContributor.objects.bulk_create(
        row for story, copy in filed for row in _contributors(story, copy)
    )
    prints = [
        (StoryPhoto(story=story, photo=p.photo, folder=p.photo.folder, order=order), p)
        for story, copy in filed
        for order, p in enumerate(copy.photos)
    ]
    StoryPhoto.objects.bulk_create(print_ for print_, _copy in prints)
    photos_by_story: dict[Story, list[tuple[StoryPhoto, PhotoCopy]]] = {
        story: [] for story, _copy in filed
    }
    for print_, copy in prints:
        photos_by_story[print_.story].append((print_, copy))
    for story, photos in photos_by_story.items():
        _embed_photos(story, photos)
    # The URL of a photo's view contains the story's id, which exists only now.
    with_photos = [story for story, photos in photos_by_story.items() if photos]
    Story.objects.bulk_update(with_photos, ["photo_list", "body"], batch_size=200)
    search_index.put([story for story, _copy in filed])


def _contributors(story: Story, copy: StoryCopy) -> list[StoryContributor]:
    unique = {(e.contributor.pk, e.role): e for e in copy.byline}
    return [
        StoryContributor(
            story=story,
            release_at=story.release_at,
            contributor=e.contributor,
            role=e.role,
            label=e.label,
            order=order,
        )
        for order, e in enumerate(unique.values())
    ]


def _embed_photos(story: Story, photos: Sequence[tuple[StoryPhoto, PhotoCopy]]) -> None:
    """Embed the photos in the text; `photo_list` marks those that are embedded."""
    placed = set(story.body.photos)
    story.photo_list = [_photo_row(p, c, c.photo.pk in placed) for p, c in photos]
    shown = {
        c.photo.pk: figure_html(
            row_of(c.photo, p.get_absolute_url()),
            c.caption,
            c.credit,
            c.alt,
            href=f"{story.get_absolute_url()}photos/{number}/",
        )
        for number, (p, c) in enumerate(photos, start=1)
    }
    story.body = Body(story.body.place_photos(lambda pk: shown.get(pk, "")))


def _photo_row(print_: StoryPhoto, copy: PhotoCopy, is_placed: bool) -> dict[str, object]:
    return {
        "placed": is_placed,
        **row_of(copy.photo, print_.get_absolute_url()),
        "caption": copy.caption,
        "credit": copy.credit,
        "alt": copy.alt or copy.caption,
    }


def move_releases(stories: Sequence[Story], release_at: dt.datetime, *, at: dt.datetime) -> None:
    """Change the release time of stories that are not yet out.

    Raises NotPublished if one was released in the meantime.
    """
    keys = [(search_index.key_of(one), key_at(release_at, one.pk)) for one in stories]
    with transaction.atomic():
        unseen = Story.objects.filter(pk__in=[s.pk for s in stories], release_at__gt=at)
        if unseen.update(release_at=release_at) != len(stories):
            raise NotPublished
        for filed in INDEXED_BY:
            filed.objects.filter(story__in=stories).update(release_at=release_at)
        search_index.PRESS.move(keys)
    for story in stories:
        story.release_at = release_at


def set_pages(places: Sequence[tuple[Story, EditionPage, int]]) -> None:
    """Set the page and position of stories that were released before their edition."""
    for story, page, position in places:
        story.page, story.position = page, position
    stories = [story for story, _page, _position in places]
    Story.objects.bulk_update(stories, ["page", "position"], batch_size=200)
    search_index.put(stories)


def unpublish_stories(stories: QuerySet[Story], *, at: dt.datetime) -> None:
    """Delete stories that readers have not seen yet. Raises NotPublished if one is out."""
    with transaction.atomic():
        wanted = list(stories.only("pk", "release_at"))
        mine = Story.objects.filter(pk__in=[one.pk for one in wanted], release_at__gt=at)
        if mine.delete()[1].get("press.Story", 0) != len(wanted):
            raise NotPublished
        search_index.remove(wanted)


def withdraw_story(story: Story, *, reason: str, at: dt.datetime) -> None:
    """Remove a released story from all public pages (410); `reason` is shown to readers.

    Raises NotPublished if it is not out, or already withdrawn.
    """
    with transaction.atomic():
        changed = (
            Story.objects.visible(at)
            .filter(pk=story.pk)
            .update(withdrawn_at=at, withdrawal_reason=reason)
        )
        if not changed:
            raise NotPublished
        search_index.remove([story])
