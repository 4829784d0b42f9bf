"""Search tokens: overlapping bigrams, which match any text without a dictionary.

In names, numbers and words alike, two adjacent characters form a token.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from .characters import fold, is_unseen
from .han import HAN

#: Letters, digits and Han characters, including extension planes that are newer than this Python's
#: tables, and the private use area, in which rare characters of names are still written.
_RUN = re.compile("[\\w\ue000-\uf8ff\U00020000-\U0003ffff]+")

#: The ideographic space inside a name (王　壮) is layout. It divides nothing.
_SPACED = re.compile(f"(?<=[{HAN}])\u3000+(?=[{HAN}])")

#: Maximum length of a text and of its normalised form: NFKC expands one ligature to 18 characters.
MAX_PLAIN = 600_000


def plain(text: str) -> str:
    """Return `text` normalised for searching: folded, gaps and marks as one blank.

    「ＡＢ－１」 and “ab 1” are equal; so are 水闸，换了 and 水闸 换了. Invisible characters are
    removed, and radicals are Han characters (`characters.fold`).
    """
    folded = fold(_SPACED.sub("", text[:MAX_PLAIN]))[:MAX_PLAIN]
    return " ".join(_RUN.findall(folded.replace("_", " ")))


def tokens(text: str) -> list[str]:
    """Return the tokens of `text` in order: each run's overlapping bigrams and last character.

    A phrase of characters is therefore a phrase of tokens. Each character begins a token, so a
    search for a single character is a prefix search.
    """
    return [run[i : i + 2] for run in plain(text).split() for i in range(len(run))]


def bigrams(text: str) -> str:
    """Return the tokens of `text` separated by blanks."""
    return " ".join(tokens(text))


def mark(text: str, wanted: Sequence[str]) -> list[tuple[str, bool]]:
    """Return `text` in pieces, each with whether it matches one of `wanted`.

    `wanted` are normalised by `plain`. The pieces joined are `text` again.
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
    """Return the characters of `plain(text)` and the index in `text` that each comes from."""
    letters: list[str] = []
    places: list[int] = []
    layout = {place for found in _SPACED.finditer(text) for place in range(*found.span())}
    for place, character in enumerate(text):
        if place in layout or is_unseen(character):
            continue
        for letter in plain(character).replace(" ", "") or " ":
            if letter != " " or (letters and letters[-1] != " "):
                letters.append(letter)
                places.append(place)
    return "".join(letters), places
