"""Search tokens: overlapping bigrams, which match any text without a dictionary.

In names, numbers and words alike, two adjacent characters form a token.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from .characters import fold, is_unseen
from .han import HAN

#: Letters, digits and Han characters, including extension planes that are newer than this Python's
#: tables, and the private use area, in which rare characters of names are still written.
_RUN = re.compile("[\\w\ue000-\uf8ff\U00020000-\U0003ffff]+")

#: The ideographic space inside a name (王　壮) is layout. It divides nothing.
_SPACED = re.compile(f"(?<=[{HAN}])\u3000+(?=[{HAN}])")

#: Marks inside a phrase that readers do not type: quotation marks, marks of titles, middle dots,
#: hyphens, dashes. Other marks end it.
_QUIET = (
    "\"'\u2018-\u201f\u3008-\u3011\u301d-\u301f"
    "\u00b7\u2022\u2027\u22c5\u2219\u25e6\u30fb"
    "\\-\u2010-\u2015\u2212"
)
#: Such marks between letters. Between two digits they part numbers: 3-5.
_INSIDE = re.compile(rf"(?<=[^\W_])[{_QUIET}]+(?=[^\W_])")
_DIGIT = re.compile(r"\d")

#: Maximum length of a text and of its normalised form: NFKC expands one ligature to 18 characters.
MAX_PLAIN = 600_000


def plain(text: str) -> str:
    """Return `text` normalised for searching: folded, gaps and marks as one blank.

    「ＡＢ－１」 and “ab1” are equal; so are 水闸，换了 and 水闸 换了, 买买提·艾力 and 买买提艾力.
    Invisible characters are removed, and radicals are Han characters (`characters.fold`).
    """
    folded = fold(_SPACED.sub("", text[:MAX_PLAIN]))[:MAX_PLAIN]
    return " ".join(_RUN.findall(_INSIDE.sub(_quiet, folded).replace("_", " ")))


def _quiet(marks: re.Match[str]) -> str:
    """Return what marks inside a phrase become: nothing, or a blank between two digits."""
    text = marks.string
    return " " if _DIGIT.match(text, marks.start() - 1) and _DIGIT.match(text, marks.end()) else ""


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
    folded: list[str] = []
    sources: list[int] = []
    layout = {place for found in _SPACED.finditer(text) for place in range(*found.span())}
    for place, character in enumerate(text):
        if place not in layout and not is_unseen(character):
            letters = _folded(character)
            folded += letters
            sources += [place] * len(letters)
    return _in_runs("".join(folded), sources)


@lru_cache(maxsize=8192)
def _folded(character: str) -> str:
    return fold(character)


def _in_runs(folded: str, sources: Sequence[int]) -> tuple[str, list[int]]:
    """Return the letters of a folded text, its gaps as one blank, with the source of each."""
    quiet = {
        place
        for marks in _INSIDE.finditer(folded)
        if not _quiet(marks)
        for place in range(*marks.span())
    }
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(folded):
        if place in quiet:
            continue
        is_letter = letter != "_" and _RUN.match(letter) is not None
        if is_letter or (letters and letters[-1] != " "):
            letters.append(letter if is_letter else " ")
            places.append(sources[place])
    return "".join(letters), places
