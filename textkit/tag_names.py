"""Names of tags: what is written, and what makes two of them the same tag."""

from __future__ import annotations

import re

from .characters import clean_line, fold
from .han import HAN

#: Full-width letters and digits, and the half-width ones that a new tag gets.
_HALF_WIDTH = {0xFF01 + n: chr(0x21 + n) for n in range(0x5E) if chr(0x21 + n).isalnum()}
#: Maximum length of a key: compatibility forms can be longer than the name.
MAX_KEY = 200
#: What divides tags, in the signs of all keyboards; 丶 is written for 、 on phones.
_SEPARATORS = re.compile(rf"[，、；;,|｜\n\ufe50\ufe51\uff64]+|(?<=[{HAN}])丶(?=[{HAN}])")
#: #乡村振兴# and #水利 #农业, as tags are written in WeChat and Weibo; C# begins with no such sign.
_HASHTAGS = re.compile(r"(?:^|[\s，、；;,])[#＃]")
_HASHES = re.compile(r"[#＃]+")
_BLANK = re.compile(rf"(?<=[{HAN}])\s+(?=[{HAN}])")


def tag_name(typed: str) -> str:
    """Return a typed tag as it is stored: one clean line, letters and digits half-width."""
    return clean_line(typed).translate(_HALF_WIDTH)


def tag_key(name: str) -> str:
    """Return what two spellings of one tag have in common: no case, width or invisible character.

    wto, WTO and ＷＴＯ are one tag.
    """
    return " ".join(fold(name).split())[:MAX_KEY]


def split_tags(typed: str) -> list[str]:
    """Return the tags of a typed line, of several spellings of one the first, in typed order."""
    line = _HASHES.sub(",", typed) if _HASHTAGS.search(typed) else typed
    # Dictation ends each field with a full stop.
    names = (clean_line(part).strip(" 。") for part in _SEPARATORS.split(line))
    found: dict[str, str] = {}
    for name in filter(None, names):
        found.setdefault(tag_key(name), name)
    return list(found.values())


def parts_of_tag(name: str) -> list[str]:
    """Return what a blank between Han characters divides: Chinese tags have none inside."""
    return _BLANK.split(name)
