"""Parser of credit lines and datelines in Chinese newspapers.

It is pure: text in, people out. A line is a credit line only if every part of it is recognised
(role, news house, name, separator); running text that merely mentions 记者 or 编辑 yields nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from textkit.han import HAN

from . import words
from .people import Credit, people
from .tokens import chunks, read_tokens, says_whose, turn_postfix, turn_prefix

__all__ = [
    "Credit",
    "CreditLine",
    "is_credit_line",
    "parse",
    "read_line",
    "take_dateline",
    "take_head",
    "take_tail",
]


@dataclass(frozen=True, slots=True)
class CreditLine:
    """Parsed line: its dateline as printed, if it has one, and its people in printed order."""

    text: str
    dateline: str | None
    credits: tuple[Credit, ...]


MAX_LINE = 300
#: Maximum length of a dateline in characters.
_MAX_HEAD = 80
_MAY_DATE = re.compile(r"[讯电]")
_DIGIT = "0-9０-９一二三四五六七八九十〇"
_DATE = rf"(?:[{_DIGIT}]{{1,3}}月)?[{_DIGIT}]{{1,3}}日"
_PLACE = rf"[{HAN}A-Za-z·\-—・]"
_DATELINE = re.compile(
    # 据新华社电: an agency alone, without place and date.
    rf"(?:(?:据|综合)?[{HAN}]{{2,6}}[报社网](?:综合)?电(?=[\s　（(]|$)"
    rf"|据?{_PLACE}{{2,20}}?{_DATE}(?:专?电|讯)"
    rf"|{_PLACE}{{1,14}}讯(?=[\s　（(，,：:]|记者|通讯员|本报记者|$))"
)
_NOT_DATELINES = re.compile(
    r"(?:简|(?<![报网社台])快|短|通|资|喜|音|电|审|问|闻|警|汛|信|死|噩|捷)讯$"
)
_SOURCE_HEAD = re.compile(r"来源[:：][^（(\s]{2,12}?(?=本报|本网)")
_REPORTS = re.compile(r"[^。！？：:（(]{0,60}?报道[:：]")
_PAREN = re.compile(r"[（(【\[]\s*([^（()）【】\[\]]{2,120}?)\s*[）)】\]]")
_INNER_PAREN = re.compile(r"[（(][^（()）]{1,12}[）)]")
_OUTER = re.compile(r"^[（(【\[]\s*(.*?)\s*[）)】\]]?$", re.DOTALL)
_SENTENCE = re.compile(r"[。！？；…”」』](?=[^。！？；…”」』]{2,80}$)")
#: 从 is also a surname (从 followed by a given name alone).
_PROSE = re.compile(
    rf"[。！？《》“”‘’…>]|从(?![{HAN}]{{1,2}}(?:[\s、，,）)]|$))|获悉|了解到|表示|告诉|看到|说，|怎么|如何|采访了"
)
_AUTHOR_NOTE = re.compile(r"作者[系为是]")


def read_line(text: str) -> CreditLine:
    """Return the dateline and the people of `text`: a credit line, or head or tail of a story."""
    line = text.strip()
    dateline, rest = take_dateline(line)
    if dateline:
        credits, _body = _after_dateline(rest)
        return CreditLine(text, dateline, credits)
    return CreditLine(text, None, parse(line) or take_tail(line)[1])


def is_credit_line(text: str) -> bool:
    """Return whether `text` consists of credits only."""
    return len(text) <= MAX_LINE and bool(parse(text.strip()))


def take_dateline(text: str) -> tuple[str | None, str]:
    """Return the dateline at the head of `text` as printed, or None, and the rest."""
    if not _MAY_DATE.search(text, 0, _MAX_HEAD):
        return None, text
    line = text.lstrip(" \t　")
    head = _SOURCE_HEAD.match(line)
    start = head.end() if head else 0
    found = _DATELINE.match(line, start)
    if not found or _NOT_DATELINES.search(found[0]):
        return None, text
    return found[0], line[found.end() :].lstrip(" \t　")


def take_head(text: str) -> tuple[tuple[Credit, ...], str]:
    """Return the credits at the head of `text`, which follows a dateline, and the body."""
    return _after_dateline(text)


def _after_dateline(rest: str) -> tuple[tuple[Credit, ...], str]:
    if rest[:1] in "（(":
        paren = _PAREN.match(rest)
        credits = parse(paren[0]) if paren else ()
        return (credits, rest[paren.end() :].lstrip()) if paren and credits else ((), rest)
    report = _REPORTS.match(rest)
    if report:
        credits = parse(report[0].rstrip(":："))
        if credits or "记者" in report[0]:
            return credits, rest[report.end() :].lstrip()
    return ((), rest) if len(rest) > MAX_LINE else (parse(rest), rest)


def take_tail(text: str) -> tuple[str, tuple[Credit, ...]]:
    """Return `text` without the signature at its end, and the people of the signature."""
    line = text.rstrip()
    tail = line[-140:]
    for paren in reversed(list(_PAREN.finditer(tail))):
        if paren.end() < len(tail):
            break
        credits = parse(paren[0])
        if credits:
            return line[: len(line) - len(tail) + paren.start()].rstrip(), credits
    end = _SENTENCE.search(tail)
    if end:
        credits = parse(tail[end.end() :])
        if credits:
            return line[: len(line) - len(tail) + end.end()].rstrip(), credits
    return text, ()


@lru_cache(maxsize=4096)
def parse(region: str, known: frozenset[str] = frozenset()) -> tuple[Credit, ...]:
    """Return the people of a region that consists of credits only, else ().

    `known` are names that are recognised between separators whatever their form.
    """
    line = region.strip()
    bare = line.lstrip(words.BULLETS + " 　")
    is_marked = bare != line or line[:1] in "（(【["
    if len(bare) > MAX_LINE or not (is_marked or words.HINT.search(bare)):
        return ()
    inner = _OUTER.sub(r"\1", bare) if bare[:1] in "（(【[" else bare
    inner = words.DATED.sub("", inner)
    written = words.WRITTEN_BY.fullmatch(inner)
    inner = words.CONTACT.sub(" ", written[1] if written else inner)
    supplied = words.SUPPLIED.search(inner)
    supplied_by = _supplied(supplied["who"]) if supplied else ()
    if supplied:
        inner = f"{inner[: supplied.start()]} {inner[supplied.end() :]}"
    inner = _INNER_PAREN.sub(" ", words.SOURCE.sub(" ", inner)).replace("文、图", "文图")
    inner = re.sub(r"^(?:本版|本文)?(?:图片|照片|题图|资料图)(?:均|皆)?由|\d+\s|\d+$", " ", inner)
    if _PROSE.search(inner) or (_AUTHOR_NOTE.search(inner) and "记者" not in inner):
        return ()
    tokens = read_tokens(inner, known)
    if tokens is None:
        return ()
    is_marked = is_marked or any(says_whose(chunk) for chunk in chunks(inner))
    return (*people(turn_postfix(turn_prefix(tokens)), is_marked), *supplied_by)


def parse_plain(text: str, known: frozenset[str]) -> tuple[Credit, ...]:
    """Return the people of a text of roles and names alone, without brackets, dates or notes."""
    tokens = read_tokens(text, known)
    if tokens is None:
        return ()
    return people(turn_postfix(turn_prefix(tokens)), is_marked=False)


def _supplied(who: str) -> tuple[Credit, ...]:
    return tuple(Credit(name.strip(), "供图") for name in re.split(r"[、 ]", who) if name.strip())
