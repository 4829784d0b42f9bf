"""Progress of a story as its author sees it: received, in review, returned, in print."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from bylines.services import display_name
from paper import humanize
from paper.models import Paper
from paper.querysets import get_paper
from paper.reviews import REVIEW_NAMES

from ..issue_plan import PlannedPlace, issue_plan
from ..models import Article, LogEntry, Review
from ..workflow.states import REVIEWS, State, review_plan

#: Transitions whose reason the author must see.
_REASONED = ("return", "restore", "spike")


@dataclass(frozen=True, slots=True)
class ProgressStep:
    """One step of the progress, with its status: done, now, back (returned here) or ""."""

    label: str
    status: str
    who: str = ""
    at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of one story: state, steps, message and the last reason.

    `place` is its place in an issue, if it has one; `why` is the text of the reason, `why_by` its
    author.
    """

    article: Article
    state: State
    steps: list[ProgressStep]
    message: str
    why: str
    why_by: str
    place: PlannedPlace | None

    @property
    def is_returned(self) -> bool:
        """Return whether the story was returned to its author."""
        return bool(self.why) and self.state == State.DRAFT


@dataclass(slots=True)
class _KnownFacts:
    """The data that was loaded for one story."""

    signed: dict[str, Review]
    reason: LogEntry | None
    place: PlannedPlace | None


def progress_of(
    articles: Iterable[Article], at: dt.datetime, paper: Paper | None = None
) -> list[Progress]:
    """Return the progress of `articles` at `at`, in a fixed number of queries."""
    rows = list(articles)
    if not rows:
        return []
    prefetch_related_objects(rows, "section", "story")
    places = issue_plan().places_of(row.pk for row in rows)
    entries = LogEntry.objects.filter(article__in=rows, transition__in=_REASONED).select_related(
        "by"
    )
    reasons = {entry.article_id: entry for entry in entries.order_by("at", "id")}
    signed: dict[int, dict[str, Review]] = {row.pk: {} for row in rows}
    rounds = {row.pk: row.round for row in rows}
    for review in Review.objects.filter(article__in=rows).select_related("reviewer"):
        if review.round == rounds[review.article_id]:
            signed[review.article_id][review.stage] = review
    paper = paper or get_paper()
    return [
        _progress(
            row, _KnownFacts(signed[row.pk], reasons.get(row.pk), places.get(row.pk)), paper, at
        )
        for row in rows
    ]


def progress_in_record(
    article: Article,
    at: dt.datetime,
    paper: Paper,
    *,
    log: Sequence[LogEntry],
    reviews: Iterable[Review],
    place: PlannedPlace | None,
) -> Progress:
    """Return the progress of `article` at `at` from its record, without a query."""
    signed = {row.stage: row for row in reviews if row.round == article.round}
    reason = next((entry for entry in reversed(log) if entry.transition in _REASONED), None)
    return _progress(article, _KnownFacts(signed, reason, place), paper, at)


def _progress(article: Article, known: _KnownFacts, paper: Paper, at: dt.datetime) -> Progress:
    state = article.status(at)
    reason = known.reason if state in {State.DRAFT, State.SPIKED} else None
    why = reason.note if reason else ""
    if state == State.WITHDRAWN and article.story is not None:
        why = article.story.withdrawal_reason
    section = article.section
    plan = review_plan(paper.reviews, section.reviews if section else None)
    steps = _steps(article, state, plan, known, reason)
    message = _message(article, state, known.place is not None, at)
    by = display_name(reason.by) if reason else ""
    return Progress(article, state, steps, message, why, by, known.place)


def _steps(
    article: Article,
    state: State,
    plan: tuple[State, ...],
    known: _KnownFacts,
    reason: LogEntry | None,
) -> list[ProgressStep]:
    """Return the steps of a submitted story; a fresh draft and an ended story have none."""
    if state == State.DRAFT and reason is not None:
        labels = [str(REVIEW_NAMES[review]) for review in plan]
        back = ProgressStep(_("returned"), "back", display_name(reason.by), reason.at)
        return [back, *(ProgressStep(label, "") for label in [*labels, _("in print")])]
    if state in {State.SPIKED, State.WITHDRAWN, State.DRAFT}:
        return []
    if article.correction_note and article.story_id is not None:
        # A correction begins with the second review.
        plan = tuple(one for one in plan if one != State.FIRST_REVIEW) or plan
    way = [r for r in REVIEWS if r in plan or r.value in known.signed or r == state]
    # A plan that has been shortened since may lack the review that the article is in.
    passed = REVIEWS.index(state) if state in REVIEWS else len(REVIEWS)
    made = [ProgressStep(_("received"), "done", "", article.submitted_at)]
    for review in way:
        signature = known.signed.get(review.value)
        here = REVIEWS.index(review)
        status = "done" if here < passed or signature else "now" if review == state else ""
        who, when = (display_name(signature.reviewer), signature.at) if signature else ("", None)
        made.append(ProgressStep(str(REVIEW_NAMES[review]), status, who, when))
    is_out = state == State.PUBLISHED
    out_at = article.story.release_at if article.story is not None else None
    last = "done" if is_out else "now" if passed == len(REVIEWS) else ""
    return [*made, ProgressStep(_("in print"), last, "", out_at if is_out else None)]


def _message(article: Article, state: State, is_placed: bool, at: dt.datetime) -> str:
    """Return where the story is now as a message; "" once its place in print says it."""
    holder = display_name(article.held_by(at))
    if state == State.DRAFT:
        return (
            _("Not submitted yet")
            if article.submitted_at is None
            else _("Revise it, then submit it again")
        )
    if state in REVIEWS:
        if holder:
            return _("%(name)s is reviewing it") % {"name": holder}
        since = article.submitted_at or article.updated_at
        return _("Received %(time)s, waiting for a reviewer") % {"time": humanize.ago(since, at)}
    if state == State.APPROVED:
        return (
            _("Approved; waiting for its issue") if is_placed else _("Approved; waiting for a page")
        )
    if state == State.SCHEDULED and article.story:
        hour = timezone.localtime(article.story.release_at).strftime("%m-%d %H:%M")
        return _("Scheduled for %(time)s") % {"time": hour}
    return ""
