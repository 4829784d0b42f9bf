"""Rounds of reviews of an article, derived from its log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..models import Article, LogEntry
from ..services import permissions
from ..workflow.states import REVIEWS, State


@dataclass(slots=True)
class ReviewRound:
    """One round: from a submission or a correction to its last signature, return or end.

    `is_signed` tells whether its last review approved the text, `is_dropped` whether it ended
    earlier. `signed` maps each review to the index of the log row that signed it.
    """

    is_correction: bool = False
    is_signed: bool = False
    is_dropped: bool = False
    signed: dict[str, int] = field(default_factory=dict)


def rounds_of(log: Sequence[LogEntry]) -> list[ReviewRound]:
    """Return the rounds in order, without those that nobody signed; the last one is the current.

    Empty for an archived story that was never reviewed here.
    """
    rounds: list[ReviewRound] = []
    for index, entry in enumerate(log):
        if entry.transition in {"submit", "correct"}:
            rounds.append(ReviewRound(is_correction=entry.transition == "correct"))
        elif entry.transition == "approve":
            rounds = rounds or [ReviewRound()]
            rounds[-1].signed[entry.from_state] = index
            rounds[-1].is_signed = entry.to_state == State.APPROVED
        elif entry.transition in {"spike", "withdraw"} and rounds and not rounds[-1].is_signed:
            rounds[-1].is_dropped = True
    if not rounds and not archive_entry(log):
        rounds = [ReviewRound()]
    return [one for one in rounds[:-1] if one.signed] + rounds[-1:]


def reviews_of(article: Article, one: ReviewRound, *, is_current: bool) -> list[State]:
    """Return the reviews of a round in order: the signed ones and, if current, the pending ones.

    A correction begins with the second review: it has no first review to wait for.
    """
    planned: set[State] = set()
    if is_current and not one.is_dropped:
        planned = set(permissions.plan_for(article))
        if one.is_correction:
            planned -= {State.FIRST_REVIEW} if len(planned) > 1 else set()
    return [
        state
        for state in REVIEWS
        if state in planned or state.value in one.signed or (is_current and state == article.state)
    ]


def archive_entry(log: Sequence[LogEntry]) -> LogEntry | None:
    """Return the row of the archive import, None for an article written here."""
    return next((entry for entry in log if entry.transition == "archive"), None)
