"""What readers may see, and from when: the one place of the rule "time publishes, not a worker"."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Cast, Substr
from django.utils import timezone

if TYPE_CHECKING:
    from .models import (  # noqa: F401 - named in strings
        Correction,
        Edition,
        EditionPage,
        Filed,
        FrontPick,
        Story,
    )


class StoryQuerySet(models.QuerySet["Story"]):
    """Printed stories."""

    def visible(self, at: dt.datetime | None = None) -> StoryQuerySet:
        """Return the stories that readers see at `at` (default: now).

        A story is visible from its release on until it is withdrawn. A withdrawal counts from its
        own transaction on, for its time is that of the desk's machine, which may be ahead.
        """
        return self.filter(release_at__lte=at or timezone.now(), withdrawn_at__isnull=True)

    def withdrawn(self) -> StoryQuerySet:
        """Return the stories that readers saw once and do not see any more (410)."""
        return self.filter(withdrawn_at__isnull=False)

    def hidden(self, at: dt.datetime | None = None) -> StoryQuerySet:
        """Return the stories that readers do not see at `at`: withdrawn, or not out yet."""
        at = at or timezone.now()
        return self.filter(Q(release_at__gt=at) | Q(withdrawn_at__isnull=False))

    def newest(self) -> StoryQuerySet:
        """Return the stories newest first, in the total order that pages of a list need."""
        return self.order_by("-release_at", "-id")

    def for_lists(self) -> StoryQuerySet:
        """Return the stories with what a list shows, without their bodies."""
        return self.select_related("section", "page__edition").defer("body")

    def for_titles(self) -> StoryQuerySet:
        """Return the stories with what a link to them shows, and no more."""
        return self.only("id", "headline", "summary", "release_at")


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

        return self.filter(story__in=Story.objects.visible(at))


class FiledQuerySet(models.QuerySet[Any]):
    """Stories under a town, a tag or a contributor."""

    def visible(self, at: dt.datetime | None = None) -> FiledQuerySet:
        """Return the rows of the stories that readers see at `at` (default: now)."""
        out = self.filter(release_at__lte=at or timezone.now())
        return out.filter(story__withdrawn_at__isnull=True)

    def for_lists(self) -> FiledQuerySet:
        """Return the rows with what a list of their stories shows, without the long texts."""
        return self.select_related("story__section", "story__page__edition").defer("story__body")

    def newest(self) -> FiledQuerySet:
        """Return the rows newest story first."""
        return self.order_by("-release_at", "-story_id")

    def once(self) -> FiledQuerySet:
        """Return one row for each story: who writes and photographs one has two."""
        same = self.model.objects.filter(
            story=OuterRef("story"), contributor=OuterRef("contributor"), pk__lt=OuterRef("pk")
        )
        return self.filter(~Exists(same))


class FrontPickQuerySet(models.QuerySet["FrontPick"]):
    """Stories chosen for the top of the front page."""

    def counting(self, edition: Edition | None) -> FrontPickQuerySet:
        """Return the picks that count while `edition` is the newest one that is out.

        So that yesterday's lead never stands over a new issue. Whether readers see the story is
        another question: `StoryQuerySet.visible`.
        """
        return self.filter(Q(stays=True) | Q(edition=edition))

    def ended(self, edition: Edition | None) -> FrontPickQuerySet:
        """Return the other ones."""
        counting = self.counting(edition).order_by()
        return self.exclude(pk__in=counting.values("pk"))
