"""Uploaded photos that no article uses: lists and deletes them, for a console command.

Running it is optional: such photos only take disk space.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import suppress

from django.db import transaction
from django.db.models import ProtectedError

from photos.models import Photo
from photos.services import delete_photo
from textkit.body import Body
from textkit.numbers import MAX_ID, parse_number

from ..models import Revision, UnsavedForm

#: A draft in the browser's storage lives for 14 days, and may refer to its writer's photos.
LEAST_DAYS = 30
_ROW = re.compile(r"photos-\d+-photo")
_FIGURE = re.compile(r'data-photo="(\d+)"')


def orphan_photos(*, before: dt.datetime) -> list[Photo]:
    """Return the photos uploaded before `before` that no article, story, revision or form uses.

    Reads all revisions, one after the other.
    """
    rows = Photo.objects.filter(uploaded_at__lt=before, article_photos=None, prints=None)
    photos = list(rows.order_by("pk"))
    if not photos:
        return []
    named = named_in_revisions(photos[0].uploaded_at) | named_in_unsaved_forms()
    return [photo for photo in photos if photo.pk not in named]


def named_in_revisions(since: dt.datetime | None = None) -> set[int]:
    """Return the ids of the photos that revisions use, all or those since a time."""
    rows = Revision.objects.all()
    rows = rows if since is None else rows.filter(saved_at__gte=since)
    named: set[int] = set()
    for content in rows.values_list("content", flat=True).iterator(100):
        named.update(row["photo"] for row in content["photos"])
        named.update(Body(content["body"]).photos)
    return named


def named_in_unsaved_forms() -> set[int]:
    """Return the ids of the photos that unsaved forms use."""
    named: set[int] = set()
    for fields in UnsavedForm.objects.values_list("fields", flat=True).iterator(100):
        named.update(number for name, value in fields for number in _numbers(name, value))
    return named


def _numbers(name: str, value: str) -> Iterator[int]:
    number = parse_number(value, None, most=MAX_ID) if _ROW.fullmatch(name) else None
    if number is not None:
        yield number
    yield from map(int, _FIGURE.findall(value))


def delete_orphan_photos(photos: list[Photo], *, began: dt.datetime) -> list[Photo]:
    """Delete `photos` (from `orphan_photos`, queried at `began`) and return the deleted ones.

    Photos that have been used since `began` stay.
    """
    deleted = []
    for photo in photos:
        with suppress(Photo.DoesNotExist, ProtectedError), transaction.atomic():
            found = Photo.objects.select_for_update().get(pk=photo.pk)
            if found.pk not in named_in_revisions(began) | named_in_unsaved_forms():
                delete_photo(found)
                deleted.append(photo)
    return deleted
