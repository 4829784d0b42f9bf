"""Pure functions that format a frozen byline as printed."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from bylines.credits.words import PICTURE


def groups(byline: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return a byline as printed: each label (融媒体, 通讯员) with the people that follow it."""
    found = groupby(byline, key=lambda row: row["label"] or row["role"])
    return [(str(label), list(people)) for label, people in found]


def signature(byline: list[dict[str, Any]]) -> str:
    """Return the closing signature without photo credits: （融媒体 张三 通讯员 李四）."""
    writers = [row for row in byline if row["role"] not in PICTURE]
    words = [
        f"{label} {' '.join(person['name'] for person in people)}"
        for label, people in groups(writers)
    ]
    return f"（{' '.join(words)}）" if words else ""
