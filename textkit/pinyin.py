"""Sort keys by pinyin: by syllable, tone and character, one character after the other.

A key consists of lower-case letters and digits of fixed width only, so that every database and
every collation sorts it alike.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from .han import is_han

#: Maximum number of characters that a key covers, and the length of such a key.
COVERED = 20
MAX_KEY = 12 * COVERED
#: Readings as surnames, where they differ from the usual one.
_SURNAME_READINGS = (
    "单shan4 曾zeng1 解xie4 仇qiu2 区ou1 查zha1 任ren2 华hua4 朴piao2 盖ge3 缪miao4"
    " 翟zhai2 覃qin2 乐yue4 葛ge3 员yun4 召shao4 秘bi4 黑he4 折she2 种chong2 重chong2"
    " 能nai4 祭zhai4 哈ha3 那na1 句gou1 都du1 隗wei3 撒sa3 过guo1 洗xian3 令ling2 燕yan1"
    " 要yao1 相xiang4 适kuo4 繁po2 乜nie4 佴nai4 占zhan1 薄bo2"
)
_SURNAMES = {pair[0]: pair[1:] for pair in _SURNAME_READINGS.split()}
#: Readings of surnames of two characters, where they differ from the usual ones.
_COMPOUND = {
    "尉迟": ("yu4", "chi2"),
    "万俟": ("mo4", "qi2"),
    "长孙": ("zhang3", "sun1"),
    "单于": ("chan2", "yu2"),
    "澹台": ("tan2", "tai2"),
    "令狐": ("ling2", "hu2"),
    "鲜于": ("xian1", "yu2"),
    "夏侯": ("xia4", "hou2"),
    "乐正": ("yue4", "zheng4"),
    "亓官": ("qi2", "guan1"),
    "拓跋": ("tuo4", "ba2"),
}
#: Beginnings of names of other languages, whose first character is no surname (查干巴雅尔).
_TRANSCRIBED = frozenset({"查干", "查尔", "查理", "单增", "单巴", "华莱", "华尔", "哈斯", "哈尔"})
#: Longest name that begins with a surname: longer ones are offices or transcribe other languages.
_LONGEST = 4


def sort_key(text: str) -> str:
    """Return the key by which a place or a word is sorted."""
    characters = _characters(text)
    return _key(characters, _readings("".join(characters)))


def person_sort_key(name: str) -> str:
    """Return the key by which a person is sorted, with the reading of the surname (单 Shàn)."""
    characters = _characters(name)
    readings = list(_readings("".join(characters)))
    if len(characters) <= _LONGEST and "·" not in name:
        start = "".join(characters[:2])
        if start in _COMPOUND:
            readings[:2] = _COMPOUND[start]
        elif start[:1] in _SURNAMES and start not in _TRANSCRIBED:
            readings[0] = _SURNAMES[start[:1]]
            readings[1:] = _readings("".join(characters[1:]))
    return _key(characters, readings)


def _characters(text: str) -> list[str]:
    """Return the letters, digits and characters of `text` that count, without case and width."""
    folded = unicodedata.normalize("NFKC", text[: 4 * COVERED]).casefold()
    kept = (one for one in folded if _counts(one))
    return list(kept)[:COVERED]


def _counts(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] in "LN" or category == "Co" or is_han(character)


@lru_cache(maxsize=4096)
def _readings(text: str) -> Sequence[str]:
    """Return the reading of each character with its tone; a character without one is its own."""
    # The dictionaries take half a second and 60 MB: only a process that writes names loads them.
    from pypinyin import Style, lazy_pinyin

    found = lazy_pinyin(text, style=Style.TONE3, neutral_tone_with_five=True, errors=_each)
    return tuple(found) if len(found) == len(text) else tuple(text)


def _each(characters: str) -> Any:
    """Return the characters without a reading, one by one."""
    return list(characters)


def _key(characters: Sequence[str], readings: Sequence[str]) -> str:
    return "".join(map(_part, characters, readings))


def _part(character: str, reading: str) -> str:
    """Return the part of a key for one character: 12 places, or 6 for a letter or digit."""
    code = f"{ord(character):05x}"[-5:]
    if reading[:-1].isascii() and reading[:-1].isalpha() and reading[-1].isdigit():
        return f"{reading[:-1]:0<6}{reading[-1]}{code}"
    if is_han(character) or unicodedata.category(character) == "Co":
        return f"zzzzzz9{code}"
    return f"0{code}"
