"""SHA-256 hashes over the frozen content of published stories and editions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from textkit.digest import sha256_of, utc

from .models import Edition, EditionPage, Story

#: All fields except those that change after publication: page, release, withdrawal, corrections. A
#: migration that rewrites one of them breaks the seals of the stories it touches.
STORY_FIELDS = (
    *("kind", "kicker", "headline", "subhead", "dateline", "body", "summary", "chars", "unit"),
    *("section_id", "byline", "places", "tag_names", "photo_list", "revision", "sha256"),
)
#: Reverse relations that `snapshot_sha256` reads; prefetch them for many stories.
RELATIONS = ("storycontributor_set", "photos", "storytown_set", "storytag_set")


def snapshot_sha256(story: Story) -> str:
    """Return the SHA-256 over the frozen content of `story`, as canonical JSON.

    The names in its byline, its photos, and the towns and tags that list it are covered too. Reads
    `RELATIONS`.
    """
    says: dict[str, object] = {name: getattr(story, name) for name in STORY_FIELDS}
    says["contributors"] = [
        [row.contributor_id, row.role, row.label] for row in story.storycontributor_set.all()
    ]
    says["photos"] = [[row.photo_id, row.token, row.folder] for row in story.photos.all()]
    says["tags"] = sorted(row.tag_id for row in story.storytag_set.all())
    says["towns"] = sorted(row.town_id for row in story.storytown_set.all())
    return sha256_of(says)


#: The version of what the hash of an edition covers: every field, its pages with names, images and
#: areas, and the pages where each story begins and continues.
EDITION_SEAL_VERSION = 1


def edition_sha256s(editions: Sequence[Edition]) -> dict[int, str]:
    """Return the SHA-256 of each edition by id.

    The content of its stories is covered by their own hashes. Three queries, however many there
    are.
    """
    pages: dict[int, list[EditionPage]] = {edition.pk: [] for edition in editions}
    for page in EditionPage.objects.filter(edition__in=editions).order_by("number"):
        pages[page.edition_id].append(page)
    stories: dict[int, list[Any]] = {edition.pk: [] for edition in editions}
    rows = Story.objects.filter(page__edition__in=editions)
    columns = ("page__number", "position", "pk", "continued_on__number", "sha256")
    for edition, *place in rows.order_by("page__number", "position", "pk").values_list(
        "page__edition_id", *columns
    ):
        stories[edition].append(place)
    return {one.pk: _edition_sha256(one, pages[one.pk], stories[one.pk]) for one in editions}


def _edition_sha256(edition: Edition, pages: Sequence[EditionPage], stories: Sequence[Any]) -> str:
    return sha256_of(
        {
            "date": edition.date.isoformat(),
            "number": edition.number,
            "pages": [[page.number, page.name, page.image, page.areas] for page in pages],
            "part": edition.part,
            "release_at": utc(edition.release_at),
            "seal": edition.seal_version,
            "signed_at": utc(edition.signed_at),
            "signed_by": edition.signed_by,
            "special": edition.special,
            "stories": [place[:4] for place in stories],
            "year_number": edition.year_number,
        }
    )
