"""Copy checks on plain text; pure functions."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from textkit.characters import private_characters
from textkit.han import HAN

_HALF_WIDTH = re.compile(rf"(?<=[{HAN}])[,;:?!](?=[{HAN}“])")
_DOUBLED = re.compile(
    r"(?<![一点好人天看试想说家常慢渐刚偏仅大小多少高深远近轻紧明暗早晚])([的了在是和与])\1"
)
_PAIRS = {"“": "”", "‘": "’", "（": "）", "《": "》", "【": "】"}
_CLOSERS = {closer: opener for opener, closer in _PAIRS.items()}


@dataclass(frozen=True, slots=True)
class Finding:
    """One possible error for a proofreader to check.

    `rule` names the check, `excerpt` the text around it, `better` the replacement (may be empty);
    `paragraph` counts from 0; `is_blocking` prevents approval until it is answered.
    """

    rule: str
    paragraph: int
    excerpt: str
    better: str = ""
    is_blocking: bool = False


@dataclass(frozen=True, slots=True)
class Word:
    """A row of the house word list."""

    word: str
    better: str = ""
    is_blocking: bool = False


#: Maximum number of findings: a text with more needs a complete proofreading.
MAX_FINDINGS = 200


def check(paragraphs: Iterable[str], words: Iterable[Word] = ()) -> list[Finding]:
    """Return the findings in `paragraphs` (plain text), in the order of the paragraphs.

    At most MAX_FINDINGS, plus at least one for each blocking word that occurs.
    """
    listed, texts = list(words), list(paragraphs)
    every = (
        found
        for number, text in enumerate(texts)
        for found in _check_paragraph(number, text, listed)
    )
    found = list(islice(every, MAX_FINDINGS))
    if len(found) < MAX_FINDINGS:
        return found
    reported = {finding.excerpt for finding in found if finding.is_blocking}
    for word in listed:
        if word.is_blocking and word.word not in reported:
            found += islice(_word_findings(texts, word), 1)
    return found


def _word_findings(texts: Iterable[str], word: Word) -> Iterator[Finding]:
    """Yield a finding for each paragraph that contains `word`."""
    for number, text in enumerate(texts):
        if word.word in text:
            yield Finding("house-word", number, word.word, word.better, word.is_blocking)


def _check_paragraph(number: int, text: str, words: list[Word]) -> Iterator[Finding]:
    for match in _HALF_WIDTH.finditer(text):
        yield Finding("half-width", number, _around(text, match.start()))
    for match in _DOUBLED.finditer(text):
        yield Finding("doubled", number, _around(text, match.start()), match[1])
    yield from _unpaired(number, text)
    for character in private_characters(text):
        yield Finding("private-character", number, _around(text, text.index(character)))
    for word in words:
        if word.word in text:
            yield Finding("house-word", number, word.word, word.better, word.is_blocking)


def _unpaired(number: int, text: str) -> Iterator[Finding]:
    stack: list[tuple[str, int]] = []
    for place, char in enumerate(text):
        if char in _PAIRS:
            stack.append((char, place))
        elif char in _CLOSERS:
            if stack and stack[-1][0] == _CLOSERS[char]:
                stack.pop()
            else:
                yield Finding("unpaired", number, _around(text, place))
    for _, place in stack:
        yield Finding("unpaired", number, _around(text, place))


def _around(text: str, place: int, width: int = 6) -> str:
    return text[max(0, place - width) : place + width + 1]
