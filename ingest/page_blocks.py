"""The text of a page as blocks: what stood together between blank lines in the old layout."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bylines.credit_line import is_credit_line, take_dateline

MAX_PAGE = 200_000
_ENDS = "。！？…）)】；!?：:>"
_CLOSERS = "”’』」》"
_BLANKS = re.compile(r"[ \t\u3000\xa0]+")
_SENTENCE = re.compile(r"[。！？；]")
#: A page's own lines, no story's: 第2版 要闻, A02, 2022年10月18日 星期二 农历九月廿三 第3021期.
_FOLIO = re.compile(
    r"(?:第?\s*[A-Z]?[0-9０-９一二三四五六七八九十]{1,3}\s*版|[A-Z]?[0-9]{2})(?:[\s·:：|]*[\u3400-\u9fff]{2,8})?"
    r"|(?:[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日|星期[一二三四五六日天]|农历\S{2,8}|(?:总?第)?[0-9]{1,6}期"
    r"|今日[0-9一二三四五六七八]+版|\s)+"
)
_NUMBERED = re.compile(r"^[0-9０-９]{1,2}[、.．]\s*")


@dataclass(slots=True)
class Block:
    """One block: its lines, blanks at their ends gone, and what it reads as by itself."""

    lines: list[str]
    dateline: str | None = None
    is_credit: bool = False
    is_short: bool = False

    @property
    def text(self) -> str:
        """Return the block as running text: lines of a torn paragraph joined."""
        return join_lines(self.lines)

    @property
    def is_torn(self) -> bool:
        """Return whether the block breaks off in mid-sentence."""
        return breaks_off(self.lines[-1])

    @property
    def decks(self) -> list[str]:
        """Return the parts of a heading: its lines, or what blanks part on a single line."""
        if len(self.lines) > 1:
            return self.lines
        return [deck for deck in _BLANKS.split(self.lines[0]) if deck]


def breaks_off(text: str) -> bool:
    """Return whether `text` ends in mid-sentence; a closing quote ends one only after its stop."""
    bare = text.rstrip(_CLOSERS)
    return not bare or bare[-1] not in _ENDS


def join_lines(lines: list[str]) -> str:
    """Return lines of one paragraph as text; between letters or digits a blank stays."""
    out = ""
    for line in lines:
        glue = " " if out and out[-1].isascii() and line[:1].isascii() and out[-1].isalnum() else ""
        out += glue + line
    return out


def read_blocks(text: str) -> list[Block]:
    """Return the blocks of `text` (at most MAX_PAGE characters of it), in order.

    A text with hardly a blank line has a block for each line.
    """
    clean = text[:MAX_PAGE].replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "")
    lines = [line.strip(" \t\u3000\xa0") for line in clean.split("\n")]
    lines = ["" if _FOLIO.fullmatch(line) else line for line in lines]
    full = [line for line in lines if line]
    has_blanks = len(lines) - len(full) > len(full) // 4
    groups: list[list[str]] = [[]]
    for line in lines:
        if not line or (not has_blanks and groups[-1]):
            groups.append([])
        if line:
            groups[-1] += [line]
    return [_classify(part) for group in groups if group for part in _split(group)]


def _split(lines: list[str]) -> list[list[str]]:
    """Part a block where a line ends a sentence, or begins with a dateline, or is a credit."""
    parts = [[lines[0]]]
    for line in lines[1:]:
        last = parts[-1][-1]
        starts_anew = (
            take_dateline(line)[0] is not None
            or is_credit_line(line)
            or is_credit_line(last)
            or (last[-1] in "。！？" and len(last) > 20)
            or (_is_short_line(last) and "，" not in last and _is_prose(line))
        )
        if starts_anew and not (breaks_off(last) and _is_prose("".join(parts[-1]))):
            parts.append([line])
        else:
            parts[-1].append(line)
    return parts


def _is_prose(text: str) -> bool:
    return len(text) > 30 and bool(_SENTENCE.search(text))


def _is_short_line(line: str) -> bool:
    longest = max(len(deck) for deck in _BLANKS.split(line))
    return longest <= 46 and not _SENTENCE.search(line) and line[-1] not in "，、,；："


def _classify(lines: list[str]) -> Block:
    lines = [_NUMBERED.sub("", lines[0]) or lines[0], *lines[1:]]
    block = Block(lines)
    text = block.text
    block.dateline = take_dateline(lines[0])[0]
    block.is_credit = len(text) <= 120 and block.dateline is None and is_credit_line(text)
    block.is_short = (
        block.dateline is None
        and not block.is_credit
        and len(text) <= 90
        and all(_is_short_line(line) for line in lines)
    )
    return block
