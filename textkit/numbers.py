"""Parsing of whole numbers from requests, files and settings."""

from __future__ import annotations

from typing import TypeVar

#: The largest value of an integer column, and so of an id.
MAX_INTEGER = 2**31 - 1
MAX_ID = 2**63 - 1
_MAX_DIGITS = len(str(MAX_ID))
_Default = TypeVar("_Default")


def parse_number(text: str, default: _Default, *, most: int = MAX_INTEGER) -> int | _Default:
    """Return the whole number that `text` writes in ASCII digits, from 0 to `most`.

    Signs, blanks, digits of other scripts and larger numbers, which no column holds, give
    `default`. Never raises an exception.
    """
    # The length is checked first: int() refuses thousands of digits with a ValueError.
    if len(text) > _MAX_DIGITS or not (text.isascii() and text.isdigit()):
        return default
    number = int(text)
    return number if number <= most else default
