"""Client window: one rendering of the article form, identified when the form is sent."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from textkit.numbers import parse_number

_WINDOW_ID = re.compile(r"[0-9A-Za-z-]{8,36}")


@dataclass(frozen=True, slots=True)
class Window:
    """The id of a window and the sequence number of its request."""

    window_id: str = ""
    sequence: int = 0


def window_of(data: Mapping[str, str]) -> Window:
    """Return the window that a form names; an empty one where the id is missing or invalid."""
    window_id = data.get("window_id", "")
    return (
        Window(window_id, parse_number(data.get("sequence", ""), 0))
        if _WINDOW_ID.fullmatch(window_id)
        else Window()
    )


def new_window_id() -> str:
    """Return a new unique window id."""
    return str(uuid.uuid4())
