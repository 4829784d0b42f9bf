"""Exceptions of the pure modules that check photos."""

from __future__ import annotations


class PhotoRefused(Exception):
    """The bytes are not an accepted photo; `code` is a key of `photos.error_messages.REFUSALS`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
