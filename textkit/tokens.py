"""Search tokens: overlapping pairs of characters, so that any two are found without a dictionary.

A name, a number, a word: any two characters that stand beside each other are a pair.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

#: Letters, digits and Han; also what is newer than this Python's tables (the extension planes) and
#: the private use area, in which rare characters of names are still written.
_RUN = re.compile("[\\w\ue000-\uf8ff\U00020000-\U0003ffff]+")


def plain(text: str) -> str:
    """Return `text` as searches compare it: NFKC, case folded, every gap or mark one blank.

    「ＡＢ－１」 and “ab 1” are the same; so are 水闸，换了 and 水闸 换了.
    """
    folded = unicodedata.normalize("NFKC", text).casefold().replace("_", " ")
    return " ".join(_RUN.findall(folded))


def tokens(text: str) -> list[str]:
    """Return the tokens of `text` in order: each run's overlapping pairs and its last character.

    So a phrase of characters is a phrase of tokens, and each character begins a token: a search
    for one of them is a search for a beginning.
    """
    return [run[i : i + 2] for run in plain(text).split() for i in range(len(run))]


def bigrams(text: str) -> str:
    """Return the tokens of `text` separated by blanks."""
    return " ".join(tokens(text))


def mark(text: str, wanted: Sequence[str]) -> list[tuple[str, bool]]:
    """Return `text` in pieces, each with whether it is one of `wanted` (as `plain` writes them).

    The pieces joined are `text` again.
    """
    letters, places = _letters(text)
    hit = [False] * len(text)
    for words in filter(None, wanted):
        at = letters.find(words)
        while at >= 0:
            last = places[at + len(words) - 1]
            hit[places[at] : last + 1] = [True] * (last + 1 - places[at])
            at = letters.find(words, at + 1)
    pieces: list[tuple[str, bool]] = []
    start = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or hit[end] != hit[start]:
            pieces.append((text[start:end], hit[start]))
            start = end
    return pieces


def _letters(text: str) -> tuple[str, list[int]]:
    """Return `text` character by character as `plain` would, and where each one comes from."""
    letters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for letter in plain(character).replace(" ", "") or " ":
            if letter != " " or (letters and letters[-1] != " "):
                letters.append(letter)
                places.append(place)
    return "".join(letters), places
