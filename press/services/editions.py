"""Editions: print an issue's frame, seal it, take it back."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from django.db import transaction

from photos import folders

from ..models import Edition, EditionPage, Story
from .stories import NotInPrint, unprint_stories


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


def move_edition(edition: Edition, release_at: dt.datetime, *, at: dt.datetime) -> None:
    """Give an edition that is not out yet another release time; its stories are moved apart.

    Raises NotInPrint if it came out meanwhile.
    """
    unseen = Edition.objects.filter(pk=edition.pk, release_at__gt=at)
    if not unseen.update(release_at=release_at):
        raise NotInPrint
    edition.release_at = release_at


def unprint_edition(edition: Edition, *, at: dt.datetime) -> None:
    """Take an edition back before its release; its stories that are not out go with it.

    Raises NotInPrint if it is out.
    """
    kept = f"pdf/{edition.pk}"
    with transaction.atomic():
        unprint_stories(Story.objects.filter(page__edition=edition, release_at__gt=at), at=at)
        if not Edition.objects.filter(pk=edition.pk, release_at__gt=at).delete()[0]:
            raise NotInPrint
        # A PDF that the desk made of it holds what nobody has seen.
        transaction.on_commit(partial(folders.delete, kept))
