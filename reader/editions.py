"""What the pages of an issue show: its pages with their stories, and the issues around it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from press.layout import Band, layout
from press.models import Edition, EditionPage, Story


@dataclass(slots=True)
class PageView:
    """One page of an issue: the stories that stand on it, and those that go on there (上接)."""

    page: EditionPage
    stories: list[Story] = field(default_factory=list)
    continued: list[Story] = field(default_factory=list)

    @property
    def image(self) -> dict[str, Any]:
        """Return the page's picture, {} where there is none or it shows what was withdrawn."""
        is_torn = getattr(self.page, "is_torn", True)
        return {} if is_torn else dict(self.page.image)

    @property
    def areas(self) -> list[tuple[dict[str, Any], Story]]:
        """Return the areas of the picture, each with the story that it leads to."""
        here = {story.pk: story for story in [*self.stories, *self.continued]}
        return [(area, here[area["story"]]) for area in self.page.areas if area["story"] in here]

    @property
    def bands(self) -> list[Band]:
        """Return how the page is set where it has no picture."""
        return layout(self.stories)


@dataclass(frozen=True, slots=True)
class IssueView:
    """An issue that is out, with its pages and the issues before and after it."""

    edition: Edition
    pages: list[PageView]
    before: Edition | None
    after: Edition | None

    def page(self, number: int) -> PageView | None:
        """Return the page of that number, None where it has none."""
        return next((view for view in self.pages if view.page.number == number), None)


def issue_view(date: dt.date, part: int, number: int | None = None) -> IssueView | None:
    """Return the issue of a day as readers see it now, None where none is out; three queries.

    With a `number` only the stories of that page are read, with their bodies; else all without.
    """
    at = timezone.now()
    edition, before, after = _editions(date, part, at)
    if edition is None:
        return None
    pages = edition.pages.with_standing(at)
    views = {page.pk: PageView(page) for page in pages}
    for story in _stories(edition, number, at):
        if story.page_id in views:
            views[story.page_id].stories.append(story)
        if story.continued_on_id in views:
            views[story.continued_on_id].continued.append(story)
    # What the masthead says.
    edition.page_count = len(views)  # type: ignore[attr-defined]
    for view in views.values():
        for story in [*view.stories, *view.continued]:
            story.page = views[story.page_id].page if story.page_id in views else None
    return IssueView(edition, list(views.values()), before, after)


def page_view(date: dt.date, part: int, number: int) -> PageView | None:
    """Return a page of an issue that is out without its stories, in one query; else None."""
    at = timezone.now()
    out = Edition.objects.visible(at).filter(date=date, part=part)
    found = EditionPage.objects.with_standing(at).filter(edition__in=out, number=number).first()
    return PageView(found) if found is not None else None


def _editions(
    date: dt.date, part: int, at: dt.datetime
) -> tuple[Edition | None, Edition | None, Edition | None]:
    """Return the issue of a day and its neighbours in time, in one query."""
    out = Edition.objects.visible(at)
    earlier = out.filter(date__lte=date).exclude(date=date, part__gte=part)
    later = out.filter(date__gte=date).exclude(date=date, part__lte=part)
    near = [
        earlier.order_by("-date", "-part").values("pk")[:1],
        later.order_by("date", "part").values("pk")[:1],
    ]
    rows = out.filter(Q(date=date, part=part) | Q(pk__in=near[0]) | Q(pk__in=near[1]))
    here, before, after = None, None, None
    for row in rows:
        if (row.date, row.part) == (date, part):
            here = row
        elif (row.date, row.part) < (date, part):
            before = row
        else:
            after = row
    return here, before, after


def _stories(edition: Edition, number: int | None, at: dt.datetime) -> QuerySet[Story]:
    rows = Story.objects.visible(at).order_by("position", "id").defer("search_tokens")
    if number is None:
        return rows.filter(page__edition=edition).defer("search_tokens", "body")
    here = Q(page__number=number) | Q(continued_on__number=number)
    return rows.filter(here, page__edition=edition)


def months_out() -> list[dt.date]:
    """Return the first day of each month in which an issue came out, the newest first."""
    return list(Edition.objects.visible().dates("date", "month", order="DESC"))
