"""Copy checks: pure rules on plain text."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_HALF_WIDTH = re.compile(r"(?<=[\u4e00-\u9fff])[,;:?!](?=[\u4e00-\u9fff“])")
_DOUBLED = re.compile(
    r"(?<![一点好人天看试想说家常慢渐刚偏仅大小多少高深远近轻紧明暗早晚])([的了在是和与])\1"
)
_PAIRS = {"“": "”", "‘": "’", "（": "）", "《": "》", "【": "】"}
_CLOSERS = {closer: opener for opener, closer in _PAIRS.items()}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a proof-reader should look at.

    `rule` names the check, `excerpt` the place, `better` what to write instead (may be empty);
    `paragraph` counts from 0; `is_blocking` stops a pass until it is answered.
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


def check(paragraphs: Iterable[str], words: Iterable[Word] = ()) -> list[Finding]:
    """Return the findings in `paragraphs` (plain text), in reading order of the paragraphs."""
    listed = list(words)
    return [
        finding for number, text in enumerate(paragraphs) for finding in _one(number, text, listed)
    ]


def _one(number: int, text: str, words: list[Word]) -> Iterator[Finding]:
    for match in _HALF_WIDTH.finditer(text):
        yield Finding("half-width", number, _around(text, match.start()))
    for match in _DOUBLED.finditer(text):
        yield Finding("doubled", number, _around(text, match.start()), match[1])
    yield from _unpaired(number, text)
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
