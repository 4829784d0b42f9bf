"""Querysets of photos."""

from __future__ import annotations

import datetime as dt
from operator import itemgetter
from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from .models import Photo

#: How far back duplicates are searched (house rule), and the number of bits in which they may
#: differ.
LOOK_BACK = dt.timedelta(days=731)
MOST_BITS = 5


class PhotoQuerySet(models.QuerySet["Photo"]):
    """Photos of the desk."""

    def for_lists(self) -> PhotoQuerySet:
        """Prefetch the credits of the photos: a list costs two queries, however long."""
        from .models import PhotoCredit

        credits = PhotoCredit.objects.select_related("contributor")
        return self.prefetch_related(models.Prefetch("credits", credits))

    def alike(self, photo: Photo, at: dt.datetime) -> PhotoQuerySet:
        """Return the photos of the last two years that show the same picture as `photo`."""
        return self.filter(pk__in=self._closest(photo, at)[:50])

    def most_alike(self, photo: Photo, at: dt.datetime) -> Photo | None:
        """Return the most similar photo of the last two years; of several, the newest."""
        closest = self._closest(photo, at)
        return self.get(pk=closest[0]) if closest else None

    def _closest(self, photo: Photo, at: dt.datetime) -> list[int]:
        """Return the ids of the photos similar to `photo`, the most similar and newest first."""
        if not photo.fingerprint:
            return []
        rows = self.filter(uploaded_at__gte=at - LOOK_BACK).exclude(pk=photo.pk)
        # A picture of one colour has the fingerprint 0 and is similar to nothing.
        rows = rows.exclude(fingerprint=0).order_by("-uploaded_at", "-pk")
        found = [
            (_differing(other, photo.fingerprint), pk)
            for pk, other in rows.values_list("pk", "fingerprint")
            if other is not None
        ]
        near = [row for row in found if row[0] <= MOST_BITS]
        return [pk for _bits, pk in sorted(near, key=itemgetter(0))]


def _differing(one: int, other: int) -> int:
    """Return the number of differing bits of two 64-bit fingerprints."""
    return ((one ^ other) & 0xFFFF_FFFF_FFFF_FFFF).bit_count()
