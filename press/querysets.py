"""Visibility of published content: the only place for the rule "time publishes, not a worker"."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
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
        HomepagePick,
        Story,
    )


class StoryQuerySet(models.QuerySet["Story"]):
    """Published stories."""

    def visible(self, at: dt.datetime | None = None) -> StoryQuerySet:
        """Return the stories that readers see at `at` (default: now).

        A story is visible from its release until its withdrawal. A withdrawal takes effect with its
        transaction, whatever its time, because the clock of the desk's machine may be ahead.
        """
        return self.filter(release_at__lte=at or timezone.now(), withdrawn_at__isnull=True)

    def withdrawn(self) -> StoryQuerySet:
        """Return the stories that readers once saw and no longer see (410)."""
        return self.filter(withdrawn_at__isnull=False)

    def hidden(self, at: dt.datetime | None = None) -> StoryQuerySet:
        """Return the stories that readers do not see at `at`: withdrawn or not yet released."""
        at = at or timezone.now()
        return self.filter(Q(release_at__gt=at) | Q(withdrawn_at__isnull=False))

    def newest(self) -> StoryQuerySet:
        """Return the stories newest first, in the total order that pagination needs."""
        return self.order_by("-release_at", "-id")

    def for_lists(self) -> StoryQuerySet:
        """Return the stories with the fields that a list shows, without their bodies."""
        return self.select_related("section", "page__edition").defer("body")

    def for_links(self) -> StoryQuerySet:
        """Return the stories with only the fields that a link to them shows."""
        return self.only("id", "headline", "summary", "release_at")


class EditionQuerySet(models.QuerySet["Edition"]):
    """Published editions."""

    def visible(self, at: dt.datetime | None = None) -> EditionQuerySet:
        """Return the editions that are out at `at` (default: now)."""
        return self.filter(release_at__lte=at or timezone.now())

    def with_page_count(self) -> EditionQuerySet:
        """Annotate the editions with their number of pages as `page_count`.

        A subquery counts only for the selected rows; a join would count the pages of all editions
        first.
        """
        from .models import EditionPage

        pages = EditionPage.objects.filter(edition=OuterRef("pk")).order_by().values("edition")
        return self.annotate(page_count=Subquery(pages.annotate(n=Count("pk")).values("n")))

    def months(self) -> dict[tuple[int, int], int]:
        """Return the number of editions by (year, month), oldest first.

        The month is a substring of the date, which both databases compute themselves; `dates()`
        would call Python for every edition on SQLite.
        """
        month = Substr(Cast("date", models.CharField()), 1, 7)
        rows = self.order_by().annotate(month=month).values_list("month")
        counted = rows.annotate(n=Count("pk")).order_by("month")
        return {(int(month[:4]), int(month[5:])): n for month, n in counted}

    def around(self, date: dt.date, part: int) -> EditionQuerySet:
        """Return the edition of a day and part with the previous and the next one, newest first."""
        here = Q(date=date, part=part)
        before = self.filter(date__lte=date).exclude(date=date, part__gte=part)
        after = self.filter(date__gte=date).exclude(date=date, part__lte=part)
        ends = (before.order_by("-date", "-part"), after.order_by("date", "part"))
        near = [Q(pk=Subquery(end.values("pk")[:1])) for end in ends]
        return self.filter(here | near[0] | near[1]).order_by("-date", "-part")


class EditionPageQuerySet(models.QuerySet["EditionPage"]):
    """Pages of published editions."""

    def with_hidden(self, at: dt.datetime | None = None) -> EditionPageQuerySet:
        """Annotate the pages with `hides`: whether a story set on them is not visible at `at`."""
        from .models import Story

        hidden = Story.objects.hidden(at)
        return self.annotate(
            hides=Exists(hidden.filter(page=OuterRef("pk")))
            | Exists(hidden.filter(continued_on=OuterRef("pk")))
        )


class CorrectionQuerySet(models.QuerySet["Correction"]):
    """Corrections of published stories."""

    def visible(self, at: dt.datetime | None = None) -> CorrectionQuerySet:
        """Return the corrections of the stories that readers see at `at` (default: now)."""
        from .models import Story

        return self.filter(story__in=Story.objects.visible(at))


class StoryIndexEntryQuerySet(models.QuerySet[Any]):
    """Stories listed under a town, a tag or a contributor."""

    def visible(self, at: dt.datetime | None = None) -> StoryIndexEntryQuerySet:
        """Return the rows of the stories that readers see at `at` (default: now)."""
        out = self.filter(release_at__lte=at or timezone.now())
        return out.filter(story__withdrawn_at__isnull=True)

    def for_lists(self) -> StoryIndexEntryQuerySet:
        """Return the rows with the story fields that a list shows, without the long texts."""
        return self.select_related("story__section", "story__page__edition").defer("story__body")

    def newest(self) -> StoryIndexEntryQuerySet:
        """Return the rows, newest story first."""
        return self.order_by("-release_at", "-story_id")

    def by_one(self, numbers: Sequence[int], of: str = "contributor") -> StoryIndexEntryQuerySet:
        """Return the rows of a person or tag with several ids, one for each story.

        A person who wrote and photographed a story has two rows. `of` is the field that holds the
        ids.
        """
        mine = Q(**{f"{of}__in": numbers}) if len(numbers) > 1 else Q(**{of: numbers[0]})
        same = self.model.objects.filter(mine, story=OuterRef("story"), pk__lt=OuterRef("pk"))
        return self.filter(mine).filter(~Exists(same))


class HomepagePickQuerySet(models.QuerySet["HomepagePick"]):
    """Stories chosen for the top of the homepage."""

    def counting(self, edition: Edition | None) -> HomepagePickQuerySet:
        """Return the picks that apply while `edition` is the newest visible edition.

        This keeps yesterday's lead from appearing above a new issue. `StoryQuerySet.visible`
        decides separately whether readers see the story.
        """
        return self.filter(Q(stays=True) | Q(edition=edition))

    def ended(self, edition: Edition | None) -> HomepagePickQuerySet:
        """Return the picks that no longer apply."""
        counting = self.counting(edition).order_by()
        return self.exclude(pk__in=counting.values("pk"))
