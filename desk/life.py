"""The life of a story as its author sees it: received, with whom, returned and why, in print."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Article, LogEntry
from articles.states import READING_NAMES, READINGS, State, reading_plan
from bylines.services import display_name
from issues.models import Placement
from paper import times
from paper.querysets import the_paper

#: Moves whose reason the author must see.
_REASONED = ("return", "restore", "spike")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way, with how far it is: done, now, back (returned here) or nothing."""

    label: str
    mark: str


@dataclass(frozen=True, slots=True)
class Life:
    """One story with its state, its way, what to say of it, and the last reason given for it."""

    article: Article
    state: State
    steps: list[Step]
    words: str
    why: LogEntry | None
    place: Placement | None

    @property
    def is_returned(self) -> bool:
        """Return whether the story came back to its author."""
        return self.why is not None and self.state == State.DRAFT


def lives(articles: Iterable[Article], at: dt.datetime) -> list[Life]:
    """Return the life of each of `articles` (as `for_lists` gives them) at `at`; three queries."""
    rows = list(articles)
    if not rows:
        return []
    entries = LogEntry.objects.filter(article__in=rows, move__in=_REASONED).select_related("by")
    reasons = {entry.article_id: entry for entry in entries.order_by("at", "id")}
    placed = Placement.objects.filter(article__in=rows).select_related("page__issue")
    places = {place.article_id: place for place in placed}
    readings = the_paper().readings
    return [_life(row, reasons.get(row.pk), places.get(row.pk), readings, at) for row in rows]


def _life(
    article: Article,
    reason: LogEntry | None,
    place: Placement | None,
    readings: int,
    at: dt.datetime,
) -> Life:
    state = article.status(at)
    why = reason if state in {State.DRAFT, State.SPIKED} else None
    section = article.section
    plan = reading_plan(readings, section.readings if section else None)
    words = _words(article, state, place, at)
    return Life(article, state, _steps(state, plan, why is not None), words, why, place)


def _steps(state: State, plan: tuple[State, ...], is_back: bool) -> list[Step]:
    """Return the way of a story that has been handed in; a fresh draft has none, nor what ended."""
    if state in {State.SPIKED, State.WITHDRAWN, State.PUBLISHED} or (
        state == State.DRAFT and not is_back
    ):
        return []
    labels = [_("received"), *(str(READING_NAMES[reading]) for reading in plan), _("printed")]
    here = _here(state, plan, len(labels))
    marks = ["done" if n < here else "now" if n == here else "" for n in range(len(labels))]
    if state == State.DRAFT:
        marks = ["back", *[""] * (len(labels) - 1)]
    return [Step(label, mark) for label, mark in zip(labels, marks, strict=True)]


def _here(state: State, plan: tuple[State, ...], length: int) -> int:
    """Return the number of the step that the story waits at."""
    if state in READINGS:
        # A plan that was shortened meanwhile does not hold the reading that an article waits for.
        return 1 + sum(READINGS.index(reading) < READINGS.index(state) for reading in plan)
    return length - 1


def _words(article: Article, state: State, place: Placement | None, at: dt.datetime) -> str:
    """Return in a sentence where the story is now; what is out is said by its place in print."""
    holder = display_name(article.held_by(at))
    if state == State.DRAFT:
        return _("Not handed in") if article.submitted_at is None else _("Change it, then submit")
    if state in READINGS:
        if holder:
            return _("%(name)s is reading it") % {"name": holder}
        since = article.submitted_at or article.updated_at
        return _("Received %(time)s, waits for a reader") % {"time": times.ago(since, at)}
    if state == State.APPROVED:
        return _("Signed; waits for its issue") if place else _("Signed; waits for a page")
    if state == State.SCHEDULED and article.story:
        hour = timezone.localtime(article.story.release_at).strftime("%m-%d %H:%M")
        return _("Comes out %(time)s") % {"time": hour}
    return ""
