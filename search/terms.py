"""Parser of search input into terms, all of which must match."""

from __future__ import annotations

import re
from dataclasses import dataclass

from textkit.tokens import plain, tokens

#: Maximum number of terms; the rest is ignored and the user is notified.
MAX_TERMS = 8
MAX_CHARS = 100
#: Quotation marks enclose a phrase with its blanks; any other term ends at a blank.
_PART = re.compile(r'[-－]?"[^"]*"|[-－]?“[^”]*”|[-－]?「[^」]*」|[-－]?『[^』]*』|\S+')
_MARKS = '"“”「」『』'


@dataclass(frozen=True, slots=True)
class Term:
    """One search term: as typed, and normalised by `textkit.tokens.plain` (never empty)."""

    text: str
    words: str

    @property
    def is_one_pair(self) -> bool:
        """Return whether one token represents the whole term, so that no comparison is needed."""
        return " " not in self.words and len(self.words) <= 2

    def phrase(self) -> tuple[list[str], bool]:
        """Return the consecutive tokens of the term, and whether the last one is a prefix.

        A single character is a prefix of several tokens.
        """
        *whole, last = self.words.split(" ")
        found = [token for run in whole for token in tokens(run)]
        if len(last) == 1:
            return [*found, last], True
        return found + tokens(last)[:-1], False


def read(query: str) -> list[Term]:
    """Return the terms of a query without duplicates; punctuation alone is no term."""
    found: dict[str, Term] = {}
    for part in _PART.findall(query[:MAX_CHARS]):
        text = part.strip(_MARKS).strip()
        words = plain(text)
        if words:
            found.setdefault(words, Term(text, words))
    return list(found.values())[:MAX_TERMS]


def read_signed(query: str) -> tuple[list[Term], list[Term]]:
    """Return the required terms, and the excluded ones, which follow a minus sign."""
    parts = _PART.findall(query[:MAX_CHARS])
    wanted = read(" ".join(part for part in parts if part[0] not in "-－"))
    return wanted, read(" ".join(part[1:] for part in parts if part[0] in "-－"))
