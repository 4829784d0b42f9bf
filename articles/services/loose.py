"""Photos that were put up while writing and stand nowhere: found and deleted at the console.

Nothing depends on it being run: such photos take space, no more.
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
from textkit import html

from ..models import Parked, Revision

#: A copy of a text in a browser lives for 14 days, and may name photos of its writer.
LEAST_DAYS = 30
_ROW = re.compile(r"photos-\d+-photo")
_FIGURE = re.compile(r'data-photo="(\d+)"')


def loose_photos(*, before: dt.datetime) -> list[Photo]:
    """Return the photos sent before `before` that no article, story, revision or parked text has.

    Reads all revisions, one after the other.
    """
    rows = Photo.objects.filter(uploaded_at__lt=before, article_photos=None, prints=None)
    photos = list(rows.order_by("pk"))
    if not photos:
        return []
    named = _named_since(photos[0].uploaded_at)
    return [photo for photo in photos if photo.pk not in named]


def _named_since(at: dt.datetime | None) -> set[int]:
    """Return the ids of the photos that revisions since `at`, or parked texts, name."""
    revisions = Revision.objects.all() if at is None else Revision.objects.filter(saved_at__gte=at)
    named: set[int] = set()
    for content in revisions.values_list("content", flat=True).iterator(100):
        named.update(row["photo"] for row in content["photos"])
        named.update(html.photos_in(content["body"]))
    for fields in Parked.objects.values_list("fields", flat=True).iterator(100):
        named.update(number for name, value in fields for number in _numbers(name, value))
    return named


def _numbers(name: str, value: str) -> Iterator[int]:
    if _ROW.fullmatch(name) and value.isascii() and value.isdigit():
        yield int(value)
    yield from map(int, _FIGURE.findall(value))


def delete_loose(photos: list[Photo], *, began: dt.datetime) -> list[Photo]:
    """Delete `photos` (of `loose_photos`, asked at `began`), and return those that were.

    What was put to use since then stays.
    """
    deleted = []
    for photo in photos:
        with suppress(Photo.DoesNotExist, ProtectedError), transaction.atomic():
            found = Photo.objects.select_for_update().get(pk=photo.pk)
            if found.pk not in _named_since(began):
                delete_photo(found)
                deleted.append(photo)
    return deleted
