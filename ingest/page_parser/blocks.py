"""Division of a page's lines into blocks, which blank lines separate in the layout."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from bylines.credits.line import is_credit_line, take_dateline
from bylines.credits.names import is_name

from .lines import PageLine, join

_ENDS = "。！？…）)】；!?：:>"
_CLOSERS = "”’』」》"
_BLANKS = re.compile(r"[ \t\u3000\xa0]+")
#: A line that ends or begins with these is part of a broken sentence, not of a heading.
_NO_END = "就的把也而并且但因若很又使或那这"
_NO_START = "，。、；：！？）”’》的了"
_SENTENCE = re.compile(r"[。！？；]")
#: A heading may be a question or an exclamation, but not a full sentence.
_FULL_SENTENCE = re.compile(r"[。；]|[！？](?=.)")
_MAX_EXCLAIMED = 30
_ASKS = re.compile(r"[^。；！？]{2,14}[！？](?:\s*[^。；！？]{2,20}[！？]?)")
#: Maximum length of a heading, a byline or a dateline on its own.
_MAX_SHORT = 90
_MAX_CREDIT = 120


@dataclass(slots=True)
class PageBlock:
    """Block of stripped lines, classified without its context."""

    lines: list[str]
    dateline: str | None = None
    is_credit: bool = False
    is_short: bool = False
    #: The block as running text, with the lines of a paragraph joined.
    text: str = field(init=False)

    def __post_init__(self) -> None:
        """Join the lines."""
        self.text = self.lines[0] if len(self.lines) == 1 else join(self.lines)

    @property
    def is_torn(self) -> bool:
        """Return whether the block breaks off in mid-sentence."""
        return breaks_off(self.lines[-1])

    @property
    def is_fragment(self) -> bool:
        """Return whether the block is part of a broken sentence, even if it is short."""
        first, last = self.lines[0][0], self.lines[-1][-1]
        return first in _NO_START or last in _NO_END or (first in "（(" and last in "）)")

    @property
    def is_exclaimed(self) -> bool:
        """Return whether the block ends like a question or an exclamation."""
        return self.text[-1] in "！？"

    @property
    def decks(self) -> list[str]:
        """Return the parts of a heading: its lines, or the parts of a single line."""
        if len(self.lines) > 1:
            return self.lines
        return [deck for deck in _BLANKS.split(self.lines[0]) if deck]


def breaks_off(text: str) -> bool:
    """Return whether `text` ends in mid-sentence; a closing quote alone ends no sentence."""
    bare = text.rstrip(_CLOSERS)
    return not bare or bare[-1] not in _ENDS


def read_blocks(lines: Sequence[PageLine]) -> list[PageBlock]:
    """Return the blocks of a page's lines, in order.

    If hardly any line is blank, each line is a block, except that adjacent short lines form one
    heading.
    """
    full = sum(bool(line.text) for line in lines)
    has_blanks = len(lines) - full > full // 4
    groups: list[list[str]] = [[]]
    last = PageLine("")
    for line in lines:
        if not line.text or not (has_blanks or _is_one_heading(last, line)):
            groups.append([])
        if line.text:
            groups[-1].append(line.text)
        last = line
    blocks: list[PageBlock] = []
    for group in filter(None, groups):
        found = [_classify(part) for part in _split(group)]
        if has_blanks:
            _join_texts(found)
        blocks += found
    return blocks


def _join_texts(blocks: list[PageBlock]) -> None:
    """Mark short lines directly below running text as text: headings follow a blank line."""
    for before, block in pairwise(blocks):
        if block.is_short and not (before.is_credit or before.is_short):
            block.is_short = False


def _is_one_heading(upper: PageLine, lower: PageLine) -> bool:
    return all(
        line.text
        and not line.is_indented
        and len(line.text) <= 40
        and _is_short_line(line.text, is_last=False)
        and take_dateline(line.text)[0] is None
        for line in (upper, lower)
    )


def _split(lines: list[str]) -> list[list[str]]:
    """Split a block at ends of sentences, datelines, credit lines and author lines."""
    parts = [[lines[0]]]
    longest = max(map(len, lines))
    is_text = _is_prose(lines[0])
    was_credit = is_byline(lines[0])
    for line in lines[1:]:
        last = parts[-1][-1]
        is_credit = is_byline(line)
        starts_part = (
            is_credit
            or was_credit
            or take_dateline(line)[0] is not None
            or (last[-1] in "。！？" and (len(last) > 20 or len(last) + 2 < longest))
            or (_is_short_line(last) and "，" not in last and _is_prose(line))
            or (line == lines[-1] and is_author_line(line) and _is_title(last))
        )
        if starts_part and not (is_text and breaks_off(last)):
            parts.append([line])
            is_text = False
        else:
            parts[-1].append(line)
        is_text = is_text or _is_prose(line)
        was_credit = is_credit
    return parts


def is_author_line(line: str) -> bool:
    """Return whether a line is a single name, as under the title of an essay."""
    return len(line) <= 7 and is_name("".join(line.split()), strict=True)


def _is_title(line: str) -> bool:
    return 3 <= len(line) <= 40 and not is_author_line(line)


def is_byline(line: str) -> bool:
    """Return whether a line consists of credits only."""
    return len(line) <= _MAX_CREDIT and is_credit_line(line)


def _is_prose(text: str) -> bool:
    return len(text) > 30 and bool(_SENTENCE.search(text))


def _is_short_line(line: str, *, is_last: bool = True) -> bool:
    """Return whether a line can belong to a heading; upper lines may end in ： or ，."""
    if len(line) > _MAX_SHORT or (_FULL_SENTENCE.search(line) and not _ASKS.fullmatch(line)):
        return False
    if line[-1] in "！？" and (len(line) > _MAX_EXCLAIMED or _is_asked(line)):
        return False
    longest = max(map(len, _BLANKS.split(line)))
    return longest <= 46 and line[-1] not in ("，、,；：" if is_last else "、,；")


def _is_asked(line: str) -> bool:
    """Return whether a line is a question in an interview (记者：…？)."""
    speaker, colon, _ = line.partition("：")
    return bool(colon) and (
        speaker in {"问", "答", "记者", "主持人", "笔者"} or is_name(speaker, strict=True)
    )


def _classify(lines: list[str]) -> PageBlock:
    block = PageBlock(lines)
    size = sum(map(len, lines))
    block.dateline = take_dateline(lines[0])[0]
    block.is_credit = size <= _MAX_CREDIT and block.dateline is None and is_credit_line(block.text)
    block.is_short = (
        block.dateline is None
        and not block.is_credit
        and size <= _MAX_SHORT
        and all(_is_short_line(line, is_last=False) for line in lines[:-1])
        and _is_short_line(lines[-1])
    )
    return block
