"""Timetable of a day (今日时刻表): the releases of issues and of single stories."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Count
from django.utils.translation import gettext as _

from articles.models import Article
from articles.workflow.transitions import actor_of
from paper.humanize import day_bounds
from press.models import Story

from ..models import Issue

CUTOFF, ISSUE, STORY = "cutoff", "issue", "story"


@dataclass(frozen=True, slots=True)
class TimetableEvent:
    """One line: time, kind, issue or story, and the number of stories that come with it.

    `article` is the story's article, if the user may open it.
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
        """Return whether it happens without an action: an unsigned issue does not come out."""
        return self.kind != ISSUE or (self.issue is not None and self.issue.state == "signed")

    @property
    def what(self) -> str:
        """Return the label of the kind."""
        labels = {CUTOFF: _("cut-off"), ISSUE: _("whole issue"), STORY: _("single story")}
        return labels[self.kind]


def timetable(day: dt.date, user: User, at: dt.datetime) -> list[TimetableEvent]:
    """Return the events of `day` in the paper's time zone, in order; three or four queries.

    Stories that come out with their issue are counted there; each other story has a line.
    """
    start, end = day_bounds(day)
    issues = Issue.objects.filter(is_archive=False)
    coming: Any = issues.filter(release_at__gte=start, release_at__lt=end)
    found = [
        TimetableEvent(issue.release_at, ISSUE, issue=issue, count=issue.n_stories)
        for issue in coming.annotate(n_stories=Count("pages__placements"))
    ]
    closing = issues.filter(cutoff_at__gte=start, cutoff_at__lt=end)
    found += [TimetableEvent(issue.cutoff_at, CUTOFF, issue=issue) for issue in closing]
    found += _stories(start, end, user, at)
    marked = [_marked(event, at) for event in found]
    return sorted(marked, key=lambda event: (event.at, event.kind != CUTOFF))


def _stories(
    start: dt.datetime, end: dt.datetime, user: User, at: dt.datetime
) -> list[TimetableEvent]:
    """Return the stories that do not come out with their issue: alone, or ahead of it."""
    rows = Story.objects.filter(release_at__gte=start, release_at__lt=end, withdrawn_at=None)
    stories = [
        story
        for story in rows.for_lists()
        if story.page is None or story.page.edition.release_at != story.release_at
    ]
    mine = Article.objects.visible_to(actor_of(user), at).filter(story__in=stories)
    articles = {article.story_id: article for article in mine} if stories else {}
    # Stories that are not public yet are shown to users who may open them.
    return [
        TimetableEvent(story.release_at, STORY, story=story, article=articles.get(story.pk))
        for story in stories
        if story.pk in articles or story.release_at <= at
    ]


def _marked(event: TimetableEvent, at: dt.datetime) -> TimetableEvent:
    return TimetableEvent(
        event.at, event.kind, event.issue, event.story, event.article, event.count, event.at <= at
    )
