"""Everything that writes what is in print: print, reprint, withdraw, editions."""

from __future__ import annotations

import datetime as dt
import hashlib
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
from textkit import cut, html, tokens
from textkit.count import count_chars

from .models import Correction, Edition, EditionPage, Story, StoryContributor, StoryPhoto

SUMMARY_CHARS = 90


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


def print_story(
    copy: Copy,
    *,
    release_at: dt.datetime,
    page: EditionPage | None = None,
    position: int = 0,
) -> Story:
    """Freeze `copy` as a story that readers see from `release_at` on, and return it."""
    with transaction.atomic():
        story = Story(release_at=release_at, page=page, position=position)
        _fill(story, copy)
        story.save()
        _file(story, copy)
    return story


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
        story.photos.all().delete()
        StoryContributor.objects.filter(story=story).delete()
        _file(story, copy)
    return story


def _fill(story: Story, copy: Copy) -> None:
    """Write the text and the display copies that a page shows without further queries."""
    body = html.sanitise(copy.body, [entry.photo.pk for entry in copy.photos])
    text = html.to_text(body)
    names = [entry.contributor.name for entry in copy.byline]
    story.kind, story.section, story.unit = copy.kind, copy.section, copy.unit
    story.kicker, story.headline, story.subhead = copy.kicker, copy.headline, copy.subhead
    story.dateline, story.body = copy.dateline, body
    story.summary = cut.excerpt(text, SUMMARY_CHARS)
    story.chars = count_chars(text)
    story.byline = [_byline_row(entry) for entry in copy.byline]
    story.places = [{"name": t.name, "url": t.get_absolute_url()} for t in copy.towns]
    story.tag_names = list(copy.tags)
    story.revision, story.sha256 = copy.revision, copy.sha256
    story.search_tokens = tokens.bigrams(
        "\n".join([copy.kicker, copy.headline, copy.subhead, text, *names, *copy.tags])
    )


def _byline_row(entry: BylineEntry) -> dict[str, object]:
    person = entry.contributor
    return {"id": person.pk, "name": person.name, "role": entry.role, "label": entry.label}


def _file(story: Story, copy: Copy) -> None:
    """Write the rows that file a story: contributors, towns, tags, photos."""
    story.towns.set(copy.towns)
    story.tags.set(_tags(copy.tags))
    unique = {(e.contributor.pk, e.role): e for e in copy.byline}
    StoryContributor.objects.bulk_create(
        StoryContributor(
            story=story, contributor=e.contributor, role=e.role, label=e.label, order=order
        )
        for order, e in enumerate(unique.values())
    )
    prints = StoryPhoto.objects.bulk_create(
        StoryPhoto(story=story, photo=p.photo, folder=p.photo.folder, order=order)
        for order, p in enumerate(copy.photos)
    )
    _hang(story, list(zip(prints, copy.photos, strict=True)))


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
    story.save(update_fields=["photo_list", "body"])


def _photo_row(print_: StoryPhoto, copy: PhotoCopy, is_placed: bool) -> dict[str, object]:
    return {
        "placed": is_placed,
        **row_of(copy.photo, print_.get_absolute_url()),
        "caption": copy.caption,
        "credit": copy.credit,
        "alt": copy.alt or copy.caption,
    }


def _tags(names: Sequence[str]) -> list[Tag]:
    """Return the tags of these names, made where they are new."""
    known = {tag.name: tag for tag in Tag.objects.filter(name__in=names)}
    for name in names:
        if name not in known:
            # Another story with the same new tag may go to print at this moment.
            known[name] = Tag.objects.get_or_create(name=name)[0]
    return [known[name] for name in dict.fromkeys(names)]


def move_release(story: Story, release_at: dt.datetime, *, at: dt.datetime) -> None:
    """Give a story that is not out yet another release time.

    Raises NotInPrint if it came out meanwhile.
    """
    unseen = Story.objects.filter(pk=story.pk, release_at__gt=at)
    if not unseen.update(release_at=release_at):
        raise NotInPrint


def set_page(story: Story, page: EditionPage, position: int) -> None:
    """Say on which page of which edition a story stands that was released on its own before."""
    Story.objects.filter(pk=story.pk).update(page=page, position=position)


def unprint_stories(stories: QuerySet[Story], *, at: dt.datetime) -> None:
    """Take stories back that readers have not seen yet. Raises NotInPrint if one came out."""
    with transaction.atomic():
        wanted = stories.count()
        deleted = Story.objects.filter(pk__in=stories.values("pk"), release_at__gt=at).delete()[1]
        if deleted.get("press.Story", 0) != wanted:
            raise NotInPrint


def withdraw_story(story: Story, *, reason: str, at: dt.datetime) -> None:
    """Take a released story off every reader's page, for the printed `reason` (410).

    Raises NotInPrint if it is not out, or withdrawn already.
    """
    changed = (
        Story.objects.visible(at)
        .filter(pk=story.pk)
        .update(withdrawn_at=at, withdrawal_reason=reason)
    )
    if not changed:
        raise NotInPrint


@dataclass(frozen=True, slots=True)
class Imprint:
    """What the masthead of an issue says: its numbers, its day, and the name of a special one."""

    number: int
    date: dt.date
    part: int = 1
    year_number: int | None = None
    special: str = ""


def print_edition(
    imprint: Imprint,
    *,
    release_at: dt.datetime,
    pages: Sequence[tuple[int, str]],
    signed_by: str,
    signed_at: dt.datetime | None,
) -> Edition:
    """Freeze an issue as an edition with its (number, name) pages and return it, still unsealed."""
    edition = Edition.objects.create(
        number=imprint.number,
        year_number=imprint.year_number,
        date=imprint.date,
        part=imprint.part,
        special=imprint.special,
        release_at=release_at,
        signed_by=signed_by,
        signed_at=signed_at,
    )
    EditionPage.objects.bulk_create(
        EditionPage(edition=edition, number=page, name=name) for page, name in pages
    )
    return edition


def seal_edition(edition: Edition) -> str:
    """Write and return the edition's SHA-256: over page, place and SHA-256 of all its stories."""
    rows = Story.objects.filter(page__edition=edition).order_by("page__number", "position", "id")
    lines = [
        f"{page}:{position}:{sha}"
        for page, position, sha in rows.values_list("page__number", "position", "sha256")
    ]
    head = f"{edition.number}:{edition.date.isoformat()}"
    edition.sha256 = hashlib.sha256("\n".join([head, *lines]).encode()).hexdigest()
    edition.save(update_fields=["sha256"])
    return edition.sha256


def unprint_edition(edition: Edition, *, at: dt.datetime) -> None:
    """Take an edition back before its release; its stories that are not out go with it.

    Raises NotInPrint if it is out.
    """
    with transaction.atomic():
        unprint_stories(Story.objects.filter(page__edition=edition, release_at__gt=at), at=at)
        if not Edition.objects.filter(pk=edition.pk, release_at__gt=at).delete()[0]:
            raise NotInPrint
