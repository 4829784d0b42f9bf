"""What a person typed into a search field, read into the terms that all must be found."""

from __future__ import annotations

import re
from dataclasses import dataclass

from textkit.tokens import plain, tokens

#: More is no search any more; the rest is left out and the person is told.
MAX_TERMS = 8
MAX_CHARS = 100
#: A pair of quotation marks holds a phrase with its blanks; anything else ends at a blank.
_PART = re.compile(r'[-－]?"[^"]*"|[-－]?“[^”]*”|[-－]?「[^」]*」|[-－]?『[^』]*』|\S+')
_MARKS = '"“”「」『』'


@dataclass(frozen=True, slots=True)
class Term:
    """One thing looked for: as typed, and as `textkit.tokens.plain` writes it (never empty)."""

    text: str
    words: str

    @property
    def is_one_pair(self) -> bool:
        """Return whether one token says it all, with nothing left to compare."""
        return " " not in self.words and len(self.words) <= 2

    def phrase(self) -> tuple[list[str], bool]:
        """Return the tokens that stand in a row where the term does.

        With True where the last one is a beginning: one character begins several tokens.
        """
        *whole, last = self.words.split(" ")
        found = [token for run in whole for token in tokens(run)]
        if len(last) == 1:
            return [*found, last], True
        return found + tokens(last)[:-1], False


def read(query: str) -> list[Term]:
    """Return the terms of a query, each once; marks alone are none."""
    found: dict[str, Term] = {}
    for part in _PART.findall(query[:MAX_CHARS]):
        text = part.strip(_MARKS).strip()
        words = plain(text)
        if words:
            found.setdefault(words, Term(text, words))
    return list(found.values())[:MAX_TERMS]


def read_signed(query: str) -> tuple[list[Term], list[Term]]:
    """Return the terms that must be found, and those behind a minus, which must not."""
    parts = _PART.findall(query[:MAX_CHARS])
    wanted = read(" ".join(part for part in parts if part[0] not in "-－"))
    return wanted, read(" ".join(part[1:] for part in parts if part[0] in "-－"))
