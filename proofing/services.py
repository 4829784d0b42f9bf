"""Proof-reading an article's text with the house word list."""

from collections.abc import Iterable

from .models import HouseWord
from .rules import Finding, Word, check


def proofread(paragraphs: Iterable[str]) -> list[Finding]:
    """Return the findings in `paragraphs` (plain text) by the rules and the house word list."""
    rows = HouseWord.objects.values_list("word", "better", "is_blocking")
    return check(paragraphs, [Word(*row) for row in rows])
