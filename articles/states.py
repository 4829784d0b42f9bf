"""The states of an article, stored and derived (design §4)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where an article is. SCHEDULED and PUBLISHED follow from the release time, never stored."""

    DRAFT = "draft", _("draft")
    FIRST_READING = "first_reading", _("first reading")
    SECOND_READING = "second_reading", _("second reading")
    FINAL_READING = "final_reading", _("final reading")
    APPROVED = "approved", _("approved")
    SCHEDULED = "scheduled", _("scheduled")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")
    SPIKED = "spiked", _("spiked")


READINGS = (State.FIRST_READING, State.SECOND_READING, State.FINAL_READING)
#: The readings themselves, where a state says that an article waits for one.
READING_NAMES = {
    State.FIRST_READING: _("The first reading"),
    State.SECOND_READING: _("The second reading"),
    State.FINAL_READING: _("The final reading"),
}
DERIVED = (State.SCHEDULED, State.PUBLISHED)
STORED = tuple(state for state in State if state not in DERIVED)

_PLANS = {3: READINGS, 2: (READINGS[0], READINGS[2]), 1: (READINGS[2],)}


def reading_plan(paper_readings: int, section_readings: int | None) -> tuple[State, ...]:
    """Return the readings of an article in order; the final one is never left out.

    The paper sets their number (1 to 3), a section may ask for fewer, never for more.
    """
    return _PLANS[min(paper_readings, section_readings or paper_readings)]


def next_state(state: State, plan: tuple[State, ...]) -> State:
    """Return where a pass in `state` leads: the next reading of `plan`, or approved."""
    later = READINGS[READINGS.index(state) + 1 :]
    return next((reading for reading in later if reading in plan), State.APPROVED)
