"""Stories: print, reprint, move their hour, take back, withdraw."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from taggit.models import Tag

from bylines.models import Contributor
from paper.models import Section, Town
from photos.models import Photo
from photos.picture import figure, row_of
from search.timeline import key_at
from textkit import cut, html
from textkit.count import count_chars

from .. import indexing
from ..models import (
    Correction,
    EditionPage,
    Story,
    StoryContributor,
    StoryPhoto,
    StoryTag,
    StoryTown,
)

SUMMARY_CHARS = 90
FILED = (StoryTown, StoryTag, StoryContributor)


class NotInPrint(Exception):
    """The story is not in the state that the change needs: someone was first."""


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
class Copy:
    """A signed revision, resolved to everything that print needs.

    `headline` has a line for each line as set; `body` is sanitised HTML; `revision` and `sha256`
    are the signed revision's.
    """

    section: Section
    headline: str
    body: str
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
class Print:
    """One story to print: its copy, the time from which readers see it, and its place on a page."""

    copy: Copy
    release_at: dt.datetime
    page: EditionPage | None = None
    position: int = 0


def print_stories(prints: Sequence[Print]) -> list[Story]:
    """Freeze each copy as a story that readers see from its release on, and return them in order.

    The number of queries does not depend on how many there are.
    """
    stories = [
        Story(release_at=one.release_at, page=one.page, position=one.position) for one in prints
    ]
    filed = list(zip(stories, (one.copy for one in prints), strict=True))
    for story, copy in filed:
        _fill(story, copy)
    with transaction.atomic():
        Story.objects.bulk_create(stories)
        _file(filed)
    return stories


def reprint_story(story: Story, copy: Copy, *, kind: str, note: str, at: dt.datetime) -> Story:
    """Replace the text of a story in print by a signed correction; its address stays.

    `kind` is update, correction or apology, `note` the public sentence that goes on top.
    Raises NotInPrint if the story was withdrawn meanwhile.
    """
    with transaction.atomic():
        story = Story.objects.select_for_update().get(pk=story.pk)
        if story.withdrawn_at:
            raise NotInPrint
        _fill(story, copy)
        entry = {"kind": kind, "note": note, "at": timezone.localtime(at).isoformat()}
        story.corrections = [entry, *story.corrections]
        story.corrected_at = at
        story.save()
        Correction.objects.create(story=story, kind=kind, note=note, at=at)
        for rows in (story.photos, story.storycontributor_set):
            rows.all().delete()
        story.towns.clear()
        story.tags.clear()
        _file([(story, copy)])
    return story


def _fill(story: Story, copy: Copy) -> None:
    """Write the text and the display copies that a page shows without further queries."""
    body = html.sanitise(copy.body, [entry.photo.pk for entry in copy.photos])
    text = html.to_text(body)
    story.kind, story.section, story.unit = copy.kind, copy.section, copy.unit
    story.kicker, story.headline, story.subhead = copy.kicker, copy.headline, copy.subhead
    story.dateline, story.body = copy.dateline, body
    story.summary = cut.excerpt(text, SUMMARY_CHARS)
    story.chars = count_chars(text)
    story.byline = [_byline_row(entry) for entry in copy.byline]
    story.places = [{"name": t.name, "url": t.get_absolute_url()} for t in copy.towns]
    story.tag_names = list(copy.tags)
    # Filled by `_file`, which alone knows the addresses of the photos.
    story.photo_list = []
    story.revision, story.sha256 = copy.revision, copy.sha256


def _byline_row(entry: BylineEntry) -> dict[str, object]:
    person = entry.contributor
    return {"id": person.pk, "name": person.name, "role": entry.role, "label": entry.label}


def _file(filed: Sequence[tuple[Story, Copy]]) -> None:
    """Write the rows that file stories: contributors, towns, tags, photos."""
    tags = _tags([name for _story, copy in filed for name in copy.tags])
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
    hung: dict[Story, list[tuple[StoryPhoto, PhotoCopy]]] = {story: [] for story, _copy in filed}
    for print_, copy in prints:
        hung[print_.story].append((print_, copy))
    for story, photos in hung.items():
        _hang(story, photos)
    # The address of a photo's page holds the story's number, which it has only now.
    with_photos = [story for story, photos in hung.items() if photos]
    Story.objects.bulk_update(with_photos, ["photo_list", "body"], batch_size=200)
    indexing.put([story for story, _copy in filed])


def _contributors(story: Story, copy: Copy) -> list[StoryContributor]:
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


def _hang(story: Story, photos: Sequence[tuple[StoryPhoto, PhotoCopy]]) -> None:
    """Put the photos into the text where they stand; the list tells which those are."""
    placed = set(html.photos_in(story.body))
    story.photo_list = [_photo_row(p, c, c.photo.pk in placed) for p, c in photos]
    shown = {
        c.photo.pk: figure(
            row_of(c.photo, p.get_absolute_url()),
            c.caption,
            c.credit,
            c.alt,
            href=f"{story.get_absolute_url()}photos/{number}/",
        )
        for number, (p, c) in enumerate(photos, start=1)
    }
    story.body = html.place_photos(story.body, lambda pk: shown.get(pk, ""))


def _photo_row(print_: StoryPhoto, copy: PhotoCopy, is_placed: bool) -> dict[str, object]:
    return {
        "placed": is_placed,
        **row_of(copy.photo, print_.get_absolute_url()),
        "caption": copy.caption,
        "credit": copy.credit,
        "alt": copy.alt or copy.caption,
    }


def _tags(names: Sequence[str]) -> dict[str, Tag]:
    """Return the tags of these names, made where they are new."""
    known = {tag.name: tag for tag in Tag.objects.filter(name__in=set(names))} if names else {}
    for name in names:
        if name not in known:
            # Another story with the same new tag may go to print at this moment.
            known[name] = Tag.objects.get_or_create(name=name)[0]
    return known


def move_releases(stories: Sequence[Story], release_at: dt.datetime, *, at: dt.datetime) -> None:
    """Give stories that are not out yet another release time.

    Raises NotInPrint if one came out meanwhile.
    """
    keys = [(indexing.key_of(one), key_at(release_at, one.pk)) for one in stories]
    with transaction.atomic():
        unseen = Story.objects.filter(pk__in=[s.pk for s in stories], release_at__gt=at)
        if unseen.update(release_at=release_at) != len(stories):
            raise NotInPrint
        for filed in FILED:
            filed.objects.filter(story__in=stories).update(release_at=release_at)
        indexing.PRESS.move(keys)
    for story in stories:
        story.release_at = release_at


def set_pages(places: Sequence[tuple[Story, EditionPage, int]]) -> None:
    """Say on which page of which edition, and where on it, stories stand that were out before."""
    for story, page, position in places:
        story.page, story.position = page, position
    stories = [story for story, _page, _position in places]
    Story.objects.bulk_update(stories, ["page", "position"], batch_size=200)
    indexing.put(stories)


def unprint_stories(stories: QuerySet[Story], *, at: dt.datetime) -> None:
    """Take stories back that readers have not seen yet. Raises NotInPrint if one came out."""
    with transaction.atomic():
        wanted = list(stories.only("pk", "release_at"))
        mine = Story.objects.filter(pk__in=[one.pk for one in wanted], release_at__gt=at)
        if mine.delete()[1].get("press.Story", 0) != len(wanted):
            raise NotInPrint
        indexing.remove(wanted)


def withdraw_story(story: Story, *, reason: str, at: dt.datetime) -> None:
    """Take a released story off every reader's page, for the printed `reason` (410).

    Raises NotInPrint if it is not out, or withdrawn already.
    """
    with transaction.atomic():
        changed = (
            Story.objects.visible(at)
            .filter(pk=story.pk)
            .update(withdrawn_at=at, withdrawal_reason=reason)
        )
        if not changed:
            raise NotInPrint
        indexing.remove([story])
