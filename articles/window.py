"""A window: one rendering of the article's form, and what it says of itself when it sends."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

_TAB = re.compile(r"[0-9A-Za-z-]{8,36}")
MAX = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Window:
    """The name of a window and the number of this send of it."""

    tab: str = ""
    turn: int = 0


def window_of(data: Mapping[str, str]) -> Window:
    """Return the window that a form names; an empty one where it names none that could be ours."""
    tab = data.get("tab", "")
    return Window(tab, number(data.get("turn", ""))) if _TAB.fullmatch(tab) else Window()


def new_tab() -> str:
    """Return a name that no window has."""
    return str(uuid.uuid4())


def number(text: str, default: int = 0) -> int:
    """Return the plain number in `text`, `default` where there is none that a column holds."""
    is_plain = text.isascii() and text.isdigit() and len(text) <= 10
    return min(int(text), MAX) if is_plain else default
