"""Refusals of the desk, each with the HTTP status that says it (design rule 9).

They stand this low so that the services of every app refuse alike.
"""

from __future__ import annotations

from collections.abc import Sequence


class Refusal(Exception):
    """A move or a save that is not done; `str()` is a sentence for the person."""

    status = 400


class Hidden(Refusal):
    """Other people's unpublished work: for this person it is not there."""

    status = 404


class Forbidden(Refusal):
    """A visible thing that this person may not change."""

    status = 403


class Conflict(Refusal):
    """The thing has gone on, is held by another, or is not in the state that the move needs."""

    status = 409


class Invalid(Refusal):
    """Something is missing or wrong in what was given; `problems` are sentences, one for each."""

    status = 400

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(" ".join(map(str, problems)))
        self.problems = [str(problem) for problem in problems]
