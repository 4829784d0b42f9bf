"""Filter for characters that XML cannot contain; pure."""

from __future__ import annotations

import re

#: Characters that XML 1.0 excludes: controls, surrogates, two non-characters.
_IMPOSSIBLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def possible(text: str) -> str:
    """Return `text` without the characters that XML excludes."""
    return _IMPOSSIBLE.sub("", text)
