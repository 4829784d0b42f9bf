"""Line cleaning for a pasted page: strips, unwraps, and separates the page's own lines.

It handles three layouts: paragraphs separated by blank lines, paragraphs marked by their indent
alone, and copied columns, in which each line has the width of the column.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bylines.credits.line import is_credit_line, take_dateline
from textkit.characters import clean_text
from textkit.han import HAN

_INDENT = re.compile(r"[ \t\u3000\xa0]*(?:\u3000|\t|[ \xa0]{2})")
_SPACE = " \t\u3000\xa0"
_SURROGATES = re.compile("[\ud800-\udfff]")
_NUM = r"[0-9０-９一二三四五六七八九十〇○零]"
#: Names of pages; above a story they are section labels, at the head of a page its name.
_PAGE_NAME = re.compile(
    r"(?:要闻|头版|综合|综合新闻|本地新闻|地方新闻|时政|时政要闻|民生|社会|经济|教育|文化|体育|国际|国内|副刊"
    r"|文艺副刊|文学副刊|文苑|文艺|文学|读书|悦读|影像|专题|专版|特别报道|广告|公告|健康|法治|旅游|生活|评论|理论|新闻|简讯|视觉|读者)"
    r"|\S{2,10}(?:日报|晚报|早报|晨报|周报|时报|周刊|导报|商报|报社)"
)
#: Beside the page number any name is a page name.
_ANY_NAME = re.compile(rf"[{HAN}]{{2,8}}")
#: Date; on its own it may also end a letter or a notice.
_DATE_PIECE = re.compile(
    rf"{_NUM}{{2,4}}年{_NUM}{{1,3}}月(?:{_NUM}{{1,3}}日)?|{_NUM}{{1,3}}月{_NUM}{{1,3}}日"
    r"|\d{4}[-./]\d{1,2}[-./]\d{1,2}"
)
_OWN_PIECE = re.compile(
    rf"第?{_NUM}{{1,4}}版[:：]?(?:[{HAN}]{{2,8}})?|第?[A-Z][0-9]{{1,3}}版?|[0-9]{{2}}|[①-⑳]"
    rf"|今日[共]?{_NUM}{{1,3}}版|本期[共]?{_NUM}{{1,3}}版|(?:总?第)?{_NUM}{{1,6}}期|{_NUM}{{4}}年第{_NUM}{{1,6}}期|总第?{_NUM}{{1,6}}期?"
    r"|(?:星期|周)[一二三四五六日天]"
    rf"|(?:农历|夏历)\S{{2,12}}|[{HAN}]{{2}}年[正冬腊一二三四五六七八九十闰]{{1,3}}月\S{{2,3}}"
    r"|(?:新闻|报料|广告|发行|订报|投稿|读者|服务|编辑部|联系|举报|值班|传真|本报)*(?:热线|电话|邮箱|信箱|传真|地址)[:：]?\S*"
    r"|(?:稿件请发|来稿请[寄发]|来稿|投稿|赐稿)[:：]\S+"
    r"|(?:社址|网址|邮编|邮政编码|邮发代号|E-?mail|电子邮箱|电子信箱|微信|微博|QQ)[:：]\S*"
    r"|(?:国内|全国)统一\S*|CN\S{2,10}|https?://\S+|www\.\S+|\S+@\S+\.\S+"
    r"|(?:主管|主办|承办|协办|出版|编辑出版|承印|印刷|发行)[:：]\S+|(?:零售|定)价[:：]?\S*",
    re.IGNORECASE,
)
_PIECES = re.compile(r"[\s|｜丨·•]+")
_DESK = (
    r"责任编辑|本版责编|本版编辑|值班编辑|执行编辑|首席编辑|一版编辑|编辑|责编|版式设计|版式|美术编辑|美编|视觉设计|视觉|图编|版面设计"
    r"|排版|组版|制版|校对|责任校对|责校|检校|审读|审校|值班主任|值班总编|值班编委|本版主编|主编|总值班|编审|终审|签发|审核|监制|策划|统筹|主持"
)
_DESK_LABEL = re.compile(rf"(?:本期|本版|今日)?(?:{_DESK})")
_DESK_PARTS = re.compile(r"[\s:：/／、，,|｜丨]+")
_NAME_PART = re.compile(rf"[{HAN}·]{{1,5}}|[A-Za-z]{{2,12}}")
_MAX_OWN = 160
#: Text of 5 MB has fewer lines; a longer input is not a page, and is joined by the hundred.
MAX_LINES = 60_000
_HUNDRED = 100
#: Number of lines at each end of a page for which weaker signs suffice.
_EDGE = 3


@dataclass(frozen=True, slots=True)
class PageLine:
    """Line of a page: its stripped text ("" for a blank line), and whether it is indented."""

    text: str
    is_indented: bool = False


@dataclass(frozen=True, slots=True)
class PageLines:
    """Lines that may belong to stories, and lines of the page itself (folio, editors)."""

    lines: tuple[PageLine, ...]
    own: tuple[str, ...]


def read_lines(text: str) -> PageLines:
    """Return the lines of `text`; lines of the page itself are separated and replaced by blanks."""
    raw = _bounded(clean_text(_SURROGATES.sub("", text)).split("\n"))
    lines = [
        PageLine(bare, bool(_INDENT.match(line))) for line in raw for bare in [line.strip(_SPACE)]
    ]
    full = [number for number, line in enumerate(lines) if line.text]
    first, last = set(full[:_EDGE]), set(full[-1:])
    own: list[str] = []
    for number in full:
        if is_own(lines[number].text, at_head=number in first, at_end=number in last):
            own.append(lines[number].text)
            lines[number] = PageLine("")
    return PageLines(tuple(_unwrap(lines)), tuple(own))


def _bounded(raw: list[str]) -> list[str]:
    """Return the lines, with those beyond MAX_LINES joined by the hundred, for speed."""
    rest = [line.strip(_SPACE) for line in raw[MAX_LINES:]]
    hundreds = [rest[start : start + _HUNDRED] for start in range(0, len(rest), _HUNDRED)]
    return [*raw[:MAX_LINES], *(join(hundred) for hundred in hundreds)]


def is_own(text: str, *, at_head: bool = False, at_end: bool = False) -> bool:
    """Return whether a line belongs to the page: number, name, date, address, or its editors.

    A page name counts only at the head, a single editor only at the end: elsewhere they are a
    section label and a story's credit.
    """
    if len(text) > _MAX_OWN:
        return False
    joined = re.sub(r"\s*[:：]\s*", "：", text)
    pieces = [p for p in _PIECES.split(joined) if p and not _DATE_PIECE.fullmatch(p)]
    rest = [piece for piece in pieces if not _OWN_PIECE.fullmatch(piece)]
    has_folio = len(rest) < len(pieces)
    if has_folio or at_head:
        name = _ANY_NAME if has_folio and at_head else _PAGE_NAME
        rest = [piece for piece in rest if not name.fullmatch(piece)]
    if not rest:
        return has_folio or at_head or at_end
    desks = _desk_labels(" ".join(rest))
    return desks >= (1 if has_folio or at_head or at_end else 2)


def _desk_labels(text: str) -> int:
    """Return the number of editorial labels in `text`, or 0 if it contains anything but names."""
    labels, names = 0, 0
    for part in filter(None, _DESK_PARTS.split(text)):
        found = _DESK_LABEL.match(part)
        if found:
            labels, names = labels + 1, names + (found.end() < len(part))
            part = part[found.end() :] or "人"
        elif not labels:
            return 0
        else:
            names += 1
        if not _NAME_PART.fullmatch(part):
            return 0
    return labels if names >= labels else 0


# Copied columns


def _size(text: str) -> float:
    """Return the width of a line in 字; a half-width character counts half."""
    return len(text) - sum(map(str.isascii, text)) / 2


def column_width(lines: Sequence[PageLine]) -> float | None:
    """Return the width of the column in which the lines were set, or None.

    There is one if about half of all lines have one width and most of these end in mid-sentence.
    """
    sized = [
        (round(_size(line.text)) + 2 * line.is_indented, line.text)
        for line in lines
        if 0 < len(line.text) <= 120
    ]
    if len(sized) < 8:
        return None
    counts = Counter(size for size, _ in sized)
    width = max(counts, key=lambda size: counts[size] + counts[size - 1] + counts[size - 2])
    near = [text for size, text in sized if width - 2 <= size <= width]
    torn = sum(text[-1] not in "。！？”" for text in near)
    is_set = 8 <= width <= 50 and len(near) >= 0.45 * len(sized) and torn >= 0.6 * len(near)
    return float(width) if is_set else None


def _unwrap(lines: list[PageLine]) -> list[PageLine]:
    """Join the lines of each paragraph of a copied column."""
    width = column_width(lines)
    if width is None:
        return lines
    by_indent = sum(line.is_indented for line in lines) > len(lines) // 12
    out: list[list[str]] = []
    heads: list[PageLine] = []
    was_full = in_text = False
    for number, line in enumerate(lines):
        after = lines[number + 1] if number + 1 < len(lines) else PageLine("")
        opens = line.is_indented or not by_indent or take_dateline(line.text)[0] is not None
        if was_full and in_text and _continues(line, out[-1][-1], after if by_indent else None):
            out[-1].append(line.text)
        else:
            out.append([line.text])
            heads.append(line)
            in_text = bool(line.text) and opens
        was_full = _size(line.text) + 2 * line.is_indented >= width - 2
    return [PageLine(join(parts), head.is_indented) for parts, head in zip(out, heads, strict=True)]


def _continues(line: PageLine, last: str, after: PageLine | None) -> bool:
    """Return whether a line continues the full line before it.

    `after` is the next line if paragraphs are indented, else None.
    """
    if line.is_indented or not line.text:
        return False
    if last[-1] not in "。！？”":
        return True
    if after is None or is_credit_line(line.text) or take_dateline(line.text)[0] is not None:
        return False
    # The full line also ends a sentence; a heading would precede an indented line.
    return line.text[-1] in "。！？”，" or bool(after.text and not after.is_indented)


def join(lines: Sequence[str]) -> str:
    """Return the lines of one paragraph as text, with blanks between letters or digits."""
    out: list[str] = []
    last = ""
    for line in lines:
        if last and last[-1].isascii() and line[:1].isascii() and last[-1].isalnum():
            out.append(" ")
        out.append(line)
        last = line or last
    return "".join(out)
