"""What may be read of photos."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from .models import Photo

#: So far back the same photo is looked for (house rule), and in so many bits it may differ.
LOOK_BACK = dt.timedelta(days=731)
MOST_BITS = 5


class PhotoQuerySet(models.QuerySet["Photo"]):
    """Photos at the desk."""

    def for_lists(self) -> PhotoQuerySet:
        """Return the photos with their credits: a list costs two queries, however long."""
        from .models import PhotoCredit

        credits = PhotoCredit.objects.select_related("contributor")
        return self.prefetch_related(models.Prefetch("credits", credits))

    def alike(self, photo: Photo, at: dt.datetime) -> PhotoQuerySet:
        """Return the photos of the last two years that show the same picture as `photo`."""
        if photo.fingerprint is None:
            return self.none()
        rows = self.filter(uploaded_at__gte=at - LOOK_BACK).exclude(pk=photo.pk)
        found = [
            pk
            for pk, other in rows.values_list("pk", "fingerprint")
            if other is not None and _differing(other, photo.fingerprint) <= MOST_BITS
        ]
        return self.filter(pk__in=found[:50])


def _differing(one: int, other: int) -> int:
    """Return in how many of their 64 bits two fingerprints differ."""
    return ((one ^ other) & 0xFFFF_FFFF_FFFF_FFFF).bit_count()
