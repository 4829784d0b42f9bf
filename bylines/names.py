"""Normalisation of printed names, which decides whether two names are the same; pure."""

from __future__ import annotations

import re
import unicodedata

from textkit.characters import clean_text
from textkit.han import HAN, PRIVATE_USE

from .name_variants import VARIANTS

#: Content of a character class: signs that phones, input methods and other programs write for the
#: dot between the parts of a name (买买提·艾力).
DOTS = (
    "\u00b7\u2022\u2027\u30fb\uff65\u2e31\u2e33\u22c5\u2219\u16eb"
    "\u0387\ua78f\u1427\ufe52\u2024\u25e6\u318d\u02d9\u25cf\u2981\u2218\u25aa\U00010101"
)
#: Full stops that are such a dot between two Han characters; after a letter they end an initial.
LOW_DOTS = ".．"
_PART = f"{HAN}{PRIVATE_USE}A-Za-zÀ-ɏ"
_DOT = re.compile(
    rf"(?<=[{_PART}.])\s*[{DOTS}]\s*(?=[{_PART}])"
    rf"|(?<=[{HAN}{PRIVATE_USE}])[{LOW_DOTS}](?=[{HAN}{PRIVATE_USE}])"
)
_BLANKS = re.compile(r"\s+")
#: A blank between two words of Latin letters, which is part of the name.
_LATIN_GAP = re.compile(r"(?<=[A-Za-zÀ-ɏ.'’]) (?=[A-Za-zÀ-ɏ])")
#: All dots and hyphens, which two spellings of one name may differ in.
_IGNORED = frozenset(f"{DOTS}{LOW_DOTS}‐-")
#: Unicode categories of invisible characters: blanks, controls, formats, variations.
_UNSEEN = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Mn"})


def tidy_name(name: str) -> str:
    """Return a name as the paper prints it: U+00B7 for every middle dot, no blanks of its layout.

    买买提•艾力 is 买买提·艾力 and 张　胜 is 张胜; a blank between Latin words stays.
    """
    one_line = _BLANKS.sub(" ", tidy_dots(clean_text(name))).strip()
    return " ".join(part.replace(" ", "") for part in _LATIN_GAP.split(one_line))


def tidy_dots(text: str) -> str:
    """Return `text` with U+00B7 for every middle dot between two parts of a name."""
    return _DOT.sub("·", text)


def name_key(name: str) -> str:
    """Return the normalised form by which names are matched and compared.

    Compatibility forms are resolved (NFKC), letters folded, blanks, invisible characters and the
    dots between the parts of a name removed: 买买提·艾力, 买买提•艾力 and 买买提 艾力 are one.
    """
    folded = unicodedata.normalize("NFKC", clean_text(name)).casefold()
    key = folded
    # Loop over distinct characters, because whole articles are compared too.
    for sign in set(folded):
        if sign in _IGNORED or unicodedata.category(sign) in _UNSEEN:
            key = key.replace(sign, "")
    return key or tidy_name(name)


def like_key(key: str) -> str:
    """Return the normalised form `key` with usual characters for variants (張遠山 → 张远山).

    Equal results may mean the same person, so the user is asked; they never match people.
    """
    return key.translate(VARIANTS)
