"""Exceptions by which services refuse a request, each with its HTTP status.

They are in this app so that the services of every app above it can raise them.
"""

from __future__ import annotations

from collections.abc import Sequence


class Refusal(Exception):
    """A transition or a save was refused; `str()` is a sentence for the user."""

    status = 400


class Hidden(Refusal):
    """The object is other people's unpublished work, which does not exist for this user."""

    status = 404


class Forbidden(Refusal):
    """The user may see the object, but not change it."""

    status = 403


class Conflict(Refusal):
    """The object has changed, is taken by another user, or is in the wrong state."""

    status = 409


class Invalid(Refusal):
    """The input is incomplete or wrong; `problems` has a sentence for each fault."""

    status = 400

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(" ".join(map(str, problems)))
        self.problems = [str(problem) for problem in problems]
