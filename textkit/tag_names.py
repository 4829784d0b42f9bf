"""Names of tags: what is written, and what makes two of them the same tag."""

from __future__ import annotations

from .characters import clean_line, fold

#: Full-width letters and digits, and the half-width ones that a new tag gets.
_HALF_WIDTH = {0xFF01 + n: chr(0x21 + n) for n in range(0x5E) if chr(0x21 + n).isalnum()}
#: Maximum length of a key: compatibility forms can be longer than the name.
MAX_KEY = 200


def tag_name(typed: str) -> str:
    """Return a typed tag as it is stored: one clean line, letters and digits half-width."""
    return clean_line(typed).translate(_HALF_WIDTH)


def tag_key(name: str) -> str:
    """Return what two spellings of one tag have in common: no case, width or invisible character.

    wto, WTO and ＷＴＯ are one tag.
    """
    return " ".join(fold(name).split())[:MAX_KEY]
