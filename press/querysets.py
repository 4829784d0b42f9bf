"""What readers may see, and from when: the one place of the rule "time publishes, not a worker"."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Cast, Substr
from django.utils import timezone

if TYPE_CHECKING:
    from bylines.models import Contributor

    from .models import Correction, Edition, EditionPage, Story  # noqa: F401 - named in strings


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

    def hidden(self, at: dt.datetime | None = None) -> StoryQuerySet:
        """Return the stories that readers do not see at `at`: withdrawn, or not out yet."""
        at = at or timezone.now()
        return self.filter(Q(release_at__gt=at) | Q(withdrawn_at__lte=at))

    def signed_by(self, contributor: Contributor) -> StoryQuerySet:
        """Return the stories that `contributor` signs, each once.

        Not through the join: who writes and photographs one story would have it twice.
        """
        from .models import StoryContributor

        signed = StoryContributor.objects.filter(contributor=contributor)
        return self.filter(pk__in=signed.values("story"))

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

    def with_page_count(self) -> EditionQuerySet:
        """Return the editions with their number of pages as `page_count`.

        Counted for the rows that are asked for: a join would count those of all editions first.
        """
        from .models import EditionPage

        pages = EditionPage.objects.filter(edition=OuterRef("pk")).order_by().values("edition")
        return self.annotate(page_count=Subquery(pages.annotate(n=Count("pk")).values("n")))

    def months(self) -> dict[tuple[int, int], int]:
        """Return how many editions there are of each year and month, the oldest first.

        The day is cut as text, which both databases do by themselves: `dates()` would call Python
        for every edition on SQLite.
        """
        month = Substr(Cast("date", models.CharField()), 1, 7)
        rows = self.order_by().annotate(month=month).values_list("month")
        counted = rows.annotate(n=Count("pk")).order_by("month")
        return {(int(month[:4]), int(month[5:])): n for month, n in counted}

    def around(self, date: dt.date, part: int) -> EditionQuerySet:
        """Return the edition of a day and part, the one before and the one after, newest first."""
        here = Q(date=date, part=part)
        before = self.filter(date__lte=date).exclude(date=date, part__gte=part)
        after = self.filter(date__gte=date).exclude(date=date, part__lte=part)
        ends = (before.order_by("-date", "-part"), after.order_by("date", "part"))
        near = [Q(pk=Subquery(end.values("pk")[:1])) for end in ends]
        return self.filter(here | near[0] | near[1]).order_by("-date", "-part")


class EditionPageQuerySet(models.QuerySet["EditionPage"]):
    """Pages of printed editions."""

    def with_hidden(self, at: dt.datetime | None = None) -> EditionPageQuerySet:
        """Return the pages with `hides`: whether a story set on them is not to be seen at `at`."""
        from .models import Story

        hidden = Story.objects.hidden(at)
        return self.annotate(
            hides=Exists(hidden.filter(page=OuterRef("pk")))
            | Exists(hidden.filter(continued_on=OuterRef("pk")))
        )


class CorrectionQuerySet(models.QuerySet["Correction"]):
    """Corrections of printed stories."""

    def visible(self, at: dt.datetime | None = None) -> CorrectionQuerySet:
        """Return the corrections of the stories that readers see at `at` (default: now)."""
        from .models import Story

        at = at or timezone.now()
        return self.filter(at__lte=at, story__in=Story.objects.visible(at))
