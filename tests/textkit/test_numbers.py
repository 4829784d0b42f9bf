"""Rule: one function parses whole numbers from text, and never raises an exception."""

from __future__ import annotations

import pytest

from textkit.numbers import MAX_ID, MAX_INTEGER, parse_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("12", 12),
        ("0012", 12),
        (str(MAX_INTEGER), MAX_INTEGER),
        (str(MAX_INTEGER + 1), None),
        ("9" * 5000, None),
        ("", None),
        ("-1", None),
        ("+1", None),
        ("1.0", None),
        (" 1", None),
        ("1_000", None),
        ("１２", None),
        ("²", None),
        ("٣", None),
    ],
)
def test_only_plain_digits_that_a_column_holds_are_a_number(text, number):
    assert parse_number(text, None) == number


def test_the_bound_is_the_callers():
    assert parse_number(str(MAX_ID), 0, most=MAX_ID) == MAX_ID
    assert parse_number(str(MAX_ID + 1), 0, most=MAX_ID) == 0
    assert parse_number("1000", -1, most=999) == -1
