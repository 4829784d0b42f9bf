"""Proofreading of an article's text with the house word list."""

from collections.abc import Iterable, Sequence

from .models import HouseWord
from .rules import Finding, Word, check


def house_words() -> list[Word]:
    """Return the house word list."""
    rows = HouseWord.objects.values_list("word", "better", "is_blocking")
    return [Word(*row) for row in rows]


def proofread(paragraphs: Iterable[str], words: Sequence[Word] | None = None) -> list[Finding]:
    """Return the findings in `paragraphs` (plain text) by the rules and the house word list.

    `words` is the list if the caller has already loaded it for many articles.
    """
    return check(paragraphs, house_words() if words is None else words)
