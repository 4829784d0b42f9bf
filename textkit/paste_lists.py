"""Lists of a pasted text: real ones, and paragraphs that a word processor numbered.

What the printed list would not show in the same way stays as text before the item: 一、 (1) A. ①.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from .han import HAN
from .numbers import parse_number
from .paste_runs import PastedBlock, Run, inline, trimmed
from .tree import Node

#: A marker that a numbered list shows.
_NUMBER = re.compile(r"([0-9]{1,3})[.．、]?")
#: Bullets that arrive as letters of the fonts Wingdings and Symbol. Several in a row are one, or
#: the text of an item would become another item.
_BULLET = re.compile(rf"(?:[·•▪\uf000-\uf0ff]\s*|[lØü§] (?=[{HAN}\u3000-\u33ff“（《]))+")
#: A marker of one character that is no bullet: a number in a circle, 一.
_ONE_NUMBER = re.compile(rf"[0-9\u2460-\u24ff\u2776-\u2793\u3220-\u3229\u3280-\u3289{HAN}]")
#: How a list counts that does not count in digits.
_STYLE = re.compile(
    r"list-style[^;]*\b(?:(?P<han>cjk-ideographic|(?:simp|trad)-chinese-informal)"
    r"|(?P<lower>lower-(?:alpha|latin))|(?P<upper>upper-(?:alpha|latin)))\b",
    re.IGNORECASE,
)
_TYPES = {"a": "lower", "A": "upper"}
_DIGITS: tuple[str, ...] = ("", *"一二三四五六七八九")


def with_lists(blocks: Sequence[PastedBlock]) -> list[PastedBlock]:
    """Return the blocks, with paragraphs that begin with a bullet or a number put into lists.

    A number that does not follow the one before begins a list of its own, so none is changed.
    """
    made: list[PastedBlock] = []
    #: The tag of the list that the next item may continue, and the number that it needs.
    open_tag, expected = "", 0
    for block in blocks:
        tag, number, runs = _as_item(block)
        if not tag:
            made.append(replace(block, runs=runs))
            open_tag = ""
            continue
        if open_tag != tag or (tag == "ol" and number != expected):
            made.append(PastedBlock(tag, node=Node(tag, start_of(number if tag == "ol" else 1))))
        open_tag, expected = tag, number + 1
        made[-1].as_node().children.append(Node("li", {}, inline(runs)))
    return made


def _as_item(block: PastedBlock) -> tuple[str, int, list[Run]]:
    """Return the list tag, the number and the text of a block, or "" as tag if it is no item."""
    runs, marker = block.runs, block.marker
    if block.tag != "p":
        return "", 1, runs
    if not marker:
        found = _BULLET.match(runs[0].text)
        cut = [replace(runs[0], text=runs[0].text[found.end() :]), *runs[1:]] if found else runs
        left = next(trimmed(cut), [])
        return ("ul", 1, left) if found and left else ("", 1, runs)
    if number := _NUMBER.fullmatch(marker):
        return "ol", int(number[1]), runs
    if len(marker) == 1 and not _ONE_NUMBER.fullmatch(marker):
        return "ul", 1, runs
    return "", 1, with_marker(marker, runs)


def with_marker(marker: str, runs: Sequence[Run]) -> list[Run]:
    """Return runs that begin with `marker`: 一、背景, 1.1 范围."""
    gap = " " if re.search(rf"[0-9A-Za-z{HAN}]$", marker) else ""
    return [replace(runs[0], text=marker + gap + runs[0].text), *runs[1:]]


def start_of(number: int) -> dict[str, str]:
    """Return the attributes of a numbered list that begins with `number`."""
    return {"start": str(number)} if number != 1 else {}


def item(blocks: Sequence[PastedBlock]) -> Node:
    """Return a list item; its text is written without a tag, followed by nested lists."""
    if blocks and blocks[0].tag == "p" and all(b.tag in {"ul", "ol"} for b in blocks[1:]):
        rest = [block.as_node() for block in blocks[1:]]
        return Node("li", {}, [*inline(blocks[0].runs), *rest])
    return Node("li", {}, [block.as_node() for block in blocks])


def first_number(node: Node) -> int:
    """Return the number of the first item of a list."""
    return parse_number(node.attrs.get("start", ""), 1) or 1


def own_number(child: Node, otherwise: int) -> int:
    """Return the number of an item: its own (`value`), or the next one."""
    return parse_number(child.attrs.get("value", ""), otherwise) or otherwise


def worded_marker(parent: Node, child: Node, number: int) -> str:
    """Return the marker of an item in a list that counts in Han characters or letters, or "".

    A printed list has digits alone: 一、 and a. are written out.
    """
    kind = _kind(child) or _kind(parent)
    if kind == "han" and 0 < number < 100:
        return f"{_in_han(number)}、"
    if kind in {"lower", "upper"} and 0 < number <= 26:
        return f"{chr(ord('a' if kind == 'lower' else 'A') + number - 1)}."
    return ""


def _kind(node: Node) -> str:
    found = _STYLE.search(node.attrs.get("style", ""))
    return (found.lastgroup or "") if found else _TYPES.get(node.attrs.get("type", ""), "")


def _in_han(number: int) -> str:
    tens, ones = divmod(number, 10)
    many = _DIGITS[tens] if tens > 1 else ""
    return many + ("十" if tens else "") + _DIGITS[ones]


def worded(marker: str, blocks: Sequence[PastedBlock]) -> list[PastedBlock]:
    """Return the blocks of an item with its marker written before their text."""
    first, *rest = blocks
    if first.tag == "p":
        return [replace(first, runs=with_marker(marker, first.runs)), *rest]
    return [PastedBlock("p", [Run(marker)]), *blocks]
