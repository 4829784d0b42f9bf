"""Exceptions that the services of articles, and of the apps above, raise as refusals."""

from __future__ import annotations

from paper.exceptions import Conflict, Forbidden, Hidden, Invalid, Refusal

__all__ = ["Conflict", "Forbidden", "Hidden", "Invalid", "Refusal", "StaleSave"]


class StaleSave(Conflict):
    """A save is refused because a newer one exists; its text is in side revision `number`."""

    def __init__(self, message: str, number: int) -> None:
        super().__init__(message)
        self.number = number
