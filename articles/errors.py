"""Refusals of the desk, as the services of articles and above raise them."""

from __future__ import annotations

from paper.errors import Conflict, Forbidden, Hidden, Invalid, Refusal

__all__ = ["Conflict", "Forbidden", "Hidden", "Invalid", "Refusal", "StaleSave"]


class StaleSave(Conflict):
    """The text was not saved over a newer one, and was kept as side revision `number`."""

    def __init__(self, message: str, number: int) -> None:
        super().__init__(message)
        self.number = number
