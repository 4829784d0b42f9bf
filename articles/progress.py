"""The way of a story as its author sees it: received, with whom, returned and why, in print."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from bylines.services import display_name
from paper import times
from paper.models import Paper
from paper.querysets import the_paper

from .models import Article, LogEntry, Reading
from .states import READING_NAMES, READINGS, State, reading_plan

#: Moves whose reason the author must see.
_REASONED = ("return", "restore", "spike")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way, with how far it is: done, now, back (returned here) or nothing."""

    label: str
    mark: str
    who: str = ""
    at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """One story with its state, its way, what to say of it, and the last reason given for it.

    `place` is its place in an issue, if it has one; `why` the sentence of the reason, `why_by` who
    gave it.
    """

    article: Article
    state: State
    steps: list[Step]
    words: str
    why: str
    why_by: str
    place: Any

    @property
    def is_returned(self) -> bool:
        """Return whether the story came back to its author."""
        return bool(self.why) and self.state == State.DRAFT


@dataclass(slots=True)
class _Known:
    """What was read for one story."""

    signed: dict[str, Reading]
    reason: LogEntry | None
    place: Any


def progress_of(
    articles: Iterable[Article], at: dt.datetime, paper: Paper | None = None
) -> list[Progress]:
    """Return where each of `articles` stands at `at`; the number of queries is fixed."""
    rows = list(articles)
    if not rows:
        return []
    # The table of an app above: known by its relation alone.
    placement: Any = Article._meta.get_field("placements").related_model
    places = placement._default_manager.select_related("page__issue")
    prefetch_related_objects(rows, Prefetch("placements", places), "section", "story")
    entries = LogEntry.objects.filter(article__in=rows, move__in=_REASONED).select_related("by")
    reasons = {entry.article_id: entry for entry in entries.order_by("at", "id")}
    signed: dict[int, dict[str, Reading]] = {row.pk: {} for row in rows}
    rounds = {row.pk: row.round for row in rows}
    for reading in Reading.objects.filter(article__in=rows).select_related("reader"):
        if reading.round == rounds[reading.article_id]:
            signed[reading.article_id][reading.reading] = reading
    paper = paper or the_paper()
    return [
        _progress(row, _Known(signed[row.pk], reasons.get(row.pk), _place(row)), paper, at)
        for row in rows
    ]


def progress_in_record(
    article: Article,
    at: dt.datetime,
    paper: Paper,
    *,
    log: Sequence[LogEntry],
    readings: Iterable[Reading],
    place: Any,
) -> Progress:
    """Return where `article` stands at `at`, from its record; no query."""
    signed = {row.reading: row for row in readings if row.round == article.round}
    reason = next((entry for entry in reversed(log) if entry.move in _REASONED), None)
    return _progress(article, _Known(signed, reason, place), paper, at)


def _place(article: Article) -> Any:
    return max(article.placements.all(), key=lambda place: place.pk, default=None)


def _progress(article: Article, known: _Known, paper: Paper, at: dt.datetime) -> Progress:
    state = article.status(at)
    reason = known.reason if state in {State.DRAFT, State.SPIKED} else None
    why = reason.note if reason else ""
    if state == State.WITHDRAWN and article.story is not None:
        why = article.story.withdrawal_reason
    section = article.section
    plan = reading_plan(paper.readings, section.readings if section else None)
    steps = _steps(article, state, plan, known, reason)
    words = _words(article, state, known.place is not None, at)
    by = display_name(reason.by) if reason else ""
    return Progress(article, state, steps, words, why, by, known.place)


def _steps(
    article: Article,
    state: State,
    plan: tuple[State, ...],
    known: _Known,
    reason: LogEntry | None,
) -> list[Step]:
    """Return the way of a story that has been handed in; a fresh draft has none, nor what ended."""
    if state == State.DRAFT and reason is not None:
        labels = [str(READING_NAMES[reading]) for reading in plan]
        back = Step(_("returned"), "back", display_name(reason.by), reason.at)
        return [back, *(Step(label, "") for label in [*labels, _("in print")])]
    if state in {State.SPIKED, State.WITHDRAWN, State.DRAFT}:
        return []
    way = [r for r in READINGS if r in plan or r.value in known.signed]
    # A plan that was shortened meanwhile does not hold the reading that an article waits for.
    passed = READINGS.index(state) if state in READINGS else len(READINGS)
    made = [Step(_("received"), "done", "", article.submitted_at)]
    for reading in way:
        signature = known.signed.get(reading.value)
        here = READINGS.index(reading)
        mark = "done" if here < passed or signature else "now" if reading == state else ""
        who, when = (display_name(signature.reader), signature.at) if signature else ("", None)
        made.append(Step(str(READING_NAMES[reading]), mark, who, when))
    is_out = state == State.PUBLISHED
    out_at = article.story.release_at if article.story is not None else None
    last = "done" if is_out else "now" if passed == len(READINGS) else ""
    return [*made, Step(_("in print"), last, "", out_at if is_out else None)]


def _words(article: Article, state: State, is_placed: bool, at: dt.datetime) -> str:
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
        return _("Signed; waits for its issue") if is_placed else _("Signed; waits for a page")
    if state == State.SCHEDULED and article.story:
        hour = timezone.localtime(article.story.release_at).strftime("%m-%d %H:%M")
        return _("Comes out %(time)s") % {"time": hour}
    return ""
