"""Edition services: create an edition, seal it, take it back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from django.db import transaction

from photos import storage

from ..models import Edition, EditionPage, Story
from ..snapshot_hash import EDITION_SEAL_VERSION, edition_sha256s
from .stories import NotPublished, unpublish_stories


@dataclass(frozen=True, slots=True)
class Imprint:
    """What the masthead of an issue prints: numbers, date, and the name of a special issue."""

    number: int
    date: dt.date
    part: int = 1
    year_number: int | None = None
    special: str = ""


def publish_edition(
    imprint: Imprint,
    *,
    release_at: dt.datetime,
    pages: Sequence[tuple[int, str]],
    signed_by: str,
    signed_at: dt.datetime | None,
) -> Edition:
    """Freeze an issue as an edition with its (number, name) pages and return it, unsealed."""
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
    """Store and return the edition's SHA-256 over all that readers see of it as an issue."""
    # Read back from the database: a time just assigned may be finer than the column.
    stored = Edition.objects.get(pk=edition.pk)
    stored.seal_version = EDITION_SEAL_VERSION
    stored.sha256 = edition_sha256s([stored])[edition.pk]
    stored.save(update_fields=["sha256", "seal_version"])
    edition.sha256, edition.seal_version = stored.sha256, stored.seal_version
    return edition.sha256


def move_edition(edition: Edition, release_at: dt.datetime, *, at: dt.datetime) -> None:
    """Change the release time of an edition that is not yet out; stories are moved separately.

    Raises NotPublished if it was released in the meantime.
    """
    unseen = Edition.objects.filter(pk=edition.pk, release_at__gt=at)
    if not unseen.update(release_at=release_at):
        raise NotPublished
    edition.release_at = release_at


def unpublish_edition(edition: Edition, *, at: dt.datetime) -> None:
    """Delete an edition before its release, with its stories that are not yet out.

    Raises NotPublished if it is out.
    """
    pdf_folder = f"pdf/{edition.pk}"
    with transaction.atomic():
        unpublish_stories(Story.objects.filter(page__edition=edition, release_at__gt=at), at=at)
        if not Edition.objects.filter(pk=edition.pk, release_at__gt=at).delete()[0]:
            raise NotPublished
        # A PDF made at the desk shows unpublished content.
        transaction.on_commit(partial(storage.delete, pdf_folder))
