"""The states of an article, stored and derived."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """The state of an article; SCHEDULED and PUBLISHED are derived from the release time."""

    DRAFT = "draft", _("draft")
    FIRST_REVIEW = "first_review", _("first review")
    SECOND_REVIEW = "second_review", _("second review")
    FINAL_REVIEW = "final_review", _("final review")
    APPROVED = "approved", _("approved")
    SCHEDULED = "scheduled", _("scheduled")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")
    SPIKED = "spiked", _("spiked")

    @property
    def is_review(self) -> bool:
        """Return whether an article in this state waits for a review."""
        return self in REVIEWS


class Shown(StrEnum):
    """What readers see of an article's story."""

    NOTHING = "nothing"
    LATER = "later"
    STORY = "story"
    #: A correction is in progress: the published text stays up until it is signed.
    OLD_TEXT = "old_text"
    WITHDRAWN = "withdrawn"


REVIEWS = (State.FIRST_REVIEW, State.SECOND_REVIEW, State.FINAL_REVIEW)
DERIVED = (State.SCHEDULED, State.PUBLISHED)
STORED = tuple(state for state in State if state not in DERIVED)

_PLANS = {3: REVIEWS, 2: (REVIEWS[0], REVIEWS[2]), 1: (REVIEWS[2],)}


def review_plan(paper_reviews: int, section_reviews: int | None) -> tuple[State, ...]:
    """Return the reviews of an article in order; the final review is never left out.

    The paper sets their number (1 to 3); a section may require fewer, never more.
    """
    return _PLANS[min(paper_reviews, section_reviews or paper_reviews)]


def next_state(state: State, plan: tuple[State, ...]) -> State:
    """Return the state after an approval in `state`: the next review of `plan`, or approved."""
    later = REVIEWS[REVIEWS.index(state) + 1 :]
    return next((review for review in later if review in plan), State.APPROVED)
