"""What comes out when (今日时刻表): the releases of a day, of issues and of single stories."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Count
from django.utils.translation import gettext as _

from articles.models import Article
from articles.workflow import actor_of
from paper.times import day_bounds
from press.models import Story

from .models import Issue

CUTOFF, ISSUE, STORY = "cutoff", "issue", "story"


@dataclass(frozen=True, slots=True)
class Event:
    """One line: when, of which kind, which issue or story, and how many stories come with it.

    `article` is the story's own at the desk, where the person may open it.
    """

    at: dt.datetime
    kind: str
    issue: Issue | None = None
    story: Story | None = None
    article: Article | None = None
    count: int = 0
    is_past: bool = False

    @property
    def is_sure(self) -> bool:
        """Return whether it happens by itself: an issue without a signature does not come out."""
        return self.kind != ISSUE or (self.issue is not None and self.issue.state == "signed")

    @property
    def what(self) -> str:
        """Return the kind in words."""
        words = {CUTOFF: _("cut-off"), ISSUE: _("whole issue"), STORY: _("single story")}
        return words[self.kind]


def timetable(day: dt.date, user: User, at: dt.datetime) -> list[Event]:
    """Return what happens on `day` by the paper's clocks, in order; three or four queries.

    Stories that come out with their issue are counted there, each other one has a line.
    """
    start, end = day_bounds(day)
    issues = Issue.objects.filter(is_archive=False)
    coming: Any = issues.filter(release_at__gte=start, release_at__lt=end)
    found = [
        Event(issue.release_at, ISSUE, issue=issue, count=issue.n_stories)
        for issue in coming.annotate(n_stories=Count("pages__placements"))
    ]
    closing = issues.filter(cutoff_at__gte=start, cutoff_at__lt=end)
    found += [Event(issue.cutoff_at, CUTOFF, issue=issue) for issue in closing]
    found += _stories(start, end, user, at)
    marked = [_marked(event, at) for event in found]
    return sorted(marked, key=lambda event: (event.at, event.kind != CUTOFF))


def _stories(start: dt.datetime, end: dt.datetime, user: User, at: dt.datetime) -> list[Event]:
    """Return the stories that do not come out with their issue: on their own, or ahead of it."""
    rows = Story.objects.filter(release_at__gte=start, release_at__lt=end, withdrawn_at=None)
    stories = [
        story
        for story in rows.for_lists()
        if story.page is None or story.page.edition.release_at != story.release_at
    ]
    mine = Article.objects.visible_to(actor_of(user), at).filter(story__in=stories)
    articles = {article.story_id: article for article in mine} if stories else {}
    # What nobody has seen yet is shown to who may open it.
    return [
        Event(story.release_at, STORY, story=story, article=articles.get(story.pk))
        for story in stories
        if story.pk in articles or story.release_at <= at
    ]


def _marked(event: Event, at: dt.datetime) -> Event:
    return Event(
        event.at, event.kind, event.issue, event.story, event.article, event.count, event.at <= at
    )
