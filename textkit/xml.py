"""What XML can hold of a text; pure."""

from __future__ import annotations

import re

#: What XML 1.0 knows no way to write: controls, halves of surrogate pairs, two non-characters.
_IMPOSSIBLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def possible(text: str) -> str:
    """Return `text` without the characters that no XML document can hold."""
    return _IMPOSSIBLE.sub("", text)
