"""What readers may see, and from when: the one place of the rule "time publishes, not a worker"."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone

if TYPE_CHECKING:
    from .models import Correction, Edition, Story  # noqa: F401 - named in a string below


class StoryQuerySet(models.QuerySet["Story"]):
    """Printed stories."""

    def visible(self, at: dt.datetime | None = None) -> StoryQuerySet:
        """Return the stories that readers see at `at` (default: now).

        A story is visible from its release on until it is withdrawn.
        """
        at = at or timezone.now()
        return self.filter(release_at__lte=at).filter(
            Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=at)
        )

    def withdrawn(self, at: dt.datetime | None = None) -> StoryQuerySet:
        """Return the stories that readers saw once and do not see at `at` any more (410)."""
        at = at or timezone.now()
        return self.filter(withdrawn_at__lte=at)

    def newest(self) -> StoryQuerySet:
        """Return the stories newest first, in the total order that pages of a list need."""
        return self.order_by("-release_at", "-id")

    def for_lists(self) -> StoryQuerySet:
        """Return the stories with what a list shows, without their bodies and search tokens."""
        return self.select_related("section", "page__edition").defer("body", "search_tokens")


class EditionQuerySet(models.QuerySet["Edition"]):
    """Printed editions."""

    def visible(self, at: dt.datetime | None = None) -> EditionQuerySet:
        """Return the editions that are out at `at` (default: now)."""
        return self.filter(release_at__lte=at or timezone.now())


class CorrectionQuerySet(models.QuerySet["Correction"]):
    """Corrections of printed stories."""

    def visible(self, at: dt.datetime | None = None) -> CorrectionQuerySet:
        """Return the corrections of the stories that readers see at `at` (default: now)."""
        from .models import Story

        at = at or timezone.now()
        return self.filter(at__lte=at, story__in=Story.objects.visible(at))
