"""Normalisation of text pasted from Word, WPS, WeChat or a web page.

Paragraphs, bold, raised and lowered signs, subheads, quotes, lists, tables and links stay. Fonts,
colours, indents, empty paragraphs and pictures are removed, and so is side matter: text that Word
had deleted or hidden, comments and notes with their marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby

import nh3

from .characters import clean_text
from .han import HAN
from .nesting import limit_nesting
from .numbers import parse_number
from .side_matter import is_side_matter
from .tree import Node, parse, serialise

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_INLINE = frozenset(
    {"a", "b", "strong", "span", "font", "i", "em", "u", "s", "label", "small", "sup", "sub"}
)
_BLOCKS = frozenset(
    (
        *("p", "div", "section", "article", "header", "footer", "main", "aside", "nav", "address"),
        *("center", "pre", "form", "fieldset", "dl", "dt", "dd", "hr", "figure", "figcaption"),
        *("caption", "details", "summary", "blockquote", "ul", "ol", "li"),
    )
)
#: A formula; of the last three, the parts after the first are raised or lowered.
_FORMULA = frozenset({"math", "semantics", "mrow", "mi", "mn", "mo", "mtext", "mfrac", "msqrt"})
_SCRIPTS = {"msup": ("sup",), "msub": ("sub",), "msubsup": ("sub", "sup")}
_TABLE = frozenset({"table", "thead", "tbody", "tfoot", "tr", "th", "td"})
#: The parser of nh3 first makes the source well-formed and removes what is not text.
_WELL_FORMED = nh3.Cleaner(
    tags=set(_HEADINGS | _INLINE | _BLOCKS | _TABLE | _FORMULA | {"br", *_SCRIPTS}),
    attributes={
        "*": {"style", "class", "id"},
        "a": {"href", "name"},
        "ol": {"start"},
        "td": {"colspan", "rowspan"},
        "th": {"colspan", "rowspan"},
        "figure": {"data-photo"},
    },
    clean_content_tags={
        *("script", "style", "xml", "template", "iframe", "svg", "noscript", "object"),
        # The signs of a formula stay; the source that accompanies them is removed.
        *("annotation", "annotation-xml", "title", "del", "select", "textarea", "button"),
    },
    link_rel=None,
)
_BOLD_STYLE = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_PLAIN_STYLE = re.compile(r"font-weight\s*:\s*(?:normal|[1-5]00)", re.IGNORECASE)
_SCRIPT_STYLE = re.compile(r"vertical-align\s*:\s*(super|sub|baseline)\b", re.IGNORECASE)
_WHITE_SPACE = re.compile(
    r"white-space(?:-collapse)?\s*:\s*(?:(normal|nowrap|collapse)|pre|break-spaces)", re.IGNORECASE
)
_HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE)
_IGNORED = re.compile(r"mso-list\s*:\s*ignore", re.IGNORECASE)
_HREF = re.compile(r"https?://|mailto:|/(?!/)", re.IGNORECASE)
#: A line break between two Chinese characters in the source is not a space.
_BROKEN = re.compile(
    rf"(?<=[{HAN}\u3000-\u33ff\uff00-\uffef])[ \t]*[\r\n][ \t\r\n]*"
    rf"(?=[{HAN}\u3000-\u33ff\uff00-\uffef])"
)
_BLANKS = re.compile(r"[ \t\r\n\f\v\xa0]+")
_EDGE = " \n\u3000"
_NUMBER = re.compile(r"[(（]?(\d{1,3})[.)．、）]?")
#: Markers such as A and 一、 stay as text, because a numbered list would lose them.
_WORDED = re.compile(r"[(（]?[A-Za-z一二三四五六七八九十]+[.)．、）]")
#: Bullets that arrive as letters of the fonts Wingdings and Symbol. Several in a row are one, or
#: the text of an item would become another item.
_BULLET = re.compile(rf"(?:[·•▪\uf000-\uf0ff]\s*|[lØü§] (?=[{HAN}\u3000-\u33ff“（《]))+")


@dataclass(frozen=True, slots=True)
class _Run:
    """A run of text in one style; a line break is a run of one newline."""

    text: str
    is_bold: bool = False
    href: str = ""
    #: "sup" or "sub" for a raised or a lowered sign.
    script: str = ""
    #: Whether a line break of the source is one of the text.
    is_pre: bool = False


@dataclass(slots=True)
class _Block:
    """A paragraph or a subhead as runs, or another element, complete in `node`."""

    tag: str
    runs: list[_Run] = field(default_factory=list)
    marker: str = ""
    node: Node | None = None

    def as_node(self) -> Node:
        return self.node or Node(self.tag, {}, _inline(self.runs))


def normalise(source: str) -> str:
    """Return pasted or typed HTML as paragraphs, lists and tables, one per line.

    Every readable word stays. Idempotent. The caller must sanitise the result.
    """
    flow = _Flow()
    flow.walk(parse(_WELL_FORMED.clean(limit_nesting(source))), _Run(""))
    return "\n".join(serialise([block.as_node()]) for block in _with_lists(flow.done()))


class _Flow:
    """Builder of the blocks of one container: the whole text, a cell, a list item, a quote."""

    def __init__(self) -> None:
        self.blocks: list[_Block] = []
        self.photos: list[_Block] = []
        self._runs: list[_Run] = []
        self._marker = ""

    def walk(self, node: Node, style: _Run) -> None:
        """Read the children of `node`; `style` is a run that holds the current style."""
        for child in node.children:
            if isinstance(child, str):
                self._text(child, style)
            elif child.tag == "br":
                self._runs.append(replace(style, text="\n"))
            elif not _is_left_out(child):
                self._element(child, style)

    def _text(self, source: str, style: _Run) -> None:
        # The bullets of symbol fonts are needed until lists are made.
        clean = clean_text(source, symbols=False)
        lines = clean.splitlines() if style.is_pre else [_BROKEN.sub("", clean)]
        for number, line in enumerate(lines):
            if number:
                self._runs.append(replace(style, text="\n"))
            self._runs.append(replace(style, text=_BLANKS.sub(" ", line)))

    def _element(self, node: Node, style: _Run) -> None:
        if _IGNORED.search(node.attrs.get("style", "")):
            self._marker += node.text()
        elif node.tag in _INLINE or node.tag in _FORMULA:
            self.walk(node, _style_of(node, style))
        elif node.tag in _SCRIPTS:
            for place, part in enumerate(node.nodes()):
                scripts = (style.script, *_SCRIPTS[node.tag])
                self.walk(part, replace(style, script=scripts[min(place, len(scripts) - 1)]))
        elif node.tag in _HEADINGS:
            self._in_block(node, "h2", style)
        elif node.tag in {"ul", "ol", "table", "blockquote"}:
            self.flush()
            self._compound(node, style)
        elif node.tag == "figure" and node.attrs.get("data-photo"):
            self.flush()
            number = node.attrs["data-photo"]
            self.photos.append(_Block("figure", node=Node("figure", {"data-photo": number})))
            self._settle()
        else:
            self._in_block(node, "p", style)

    def _in_block(self, node: Node, tag: str, style: _Run) -> None:
        self.flush()
        self.walk(node, _style_of(node, style))
        self.flush(tag)

    def _compound(self, node: Node, style: _Run) -> None:
        """Read a list, a table or a quote; photos inside are placed after it."""
        build = {"table": self._table, "blockquote": self._quote}.get(node.tag, self._list)
        made = build(node, style)
        if made.children:
            self.blocks.append(_Block(node.tag, node=made))
        self._settle()

    def _inside(self, node: Node, style: _Run) -> list[_Block]:
        flow = _Flow()
        flow.walk(node, style)
        blocks = _with_lists(flow.done())
        self.photos += [block for block in blocks if block.tag == "figure"]
        return [block for block in blocks if block.tag != "figure"]

    def _quote(self, node: Node, style: _Run) -> Node:
        return Node("blockquote", {}, [b.as_node() for b in self._inside(node, style)])

    def _list(self, node: Node, style: _Run) -> Node:
        shown = (child for child in node.nodes() if not _is_left_out(child))
        items = [_item(self._inside(child, style)) for child in shown]
        start = node.attrs.get("start", "")
        attrs = {"start": start} if node.tag == "ol" and start not in {"", "1"} else {}
        return Node(node.tag, attrs, [item for item in items if item.children])

    def _table(self, node: Node, style: _Run) -> Node:
        rows: list[Node | str] = []
        for row in _rows(node):
            cells: list[Node | str] = [
                Node(cell.tag, _spans(cell), _loose(self._inside(cell, style)))
                for cell in row.nodes()
                if cell.tag in {"td", "th"} and not _is_left_out(cell)
            ]
            if cells:
                rows.append(Node("tr", {}, cells))
        table = Node("table", {}, [Node("tbody", {}, rows)])
        return table if table.text().strip() else Node("table")

    def _settle(self) -> None:
        self.blocks += self.photos
        self.photos = []

    def flush(self, tag: str = "p") -> None:
        """End the paragraph; an empty line inside divides it into two."""
        runs, marker = self._runs, self._marker.strip(" \xa0\u3000\t\r\n")
        self._runs, self._marker = [], ""
        for part in _split_paragraphs(runs):
            plain = [replace(run, is_bold=False) for run in part] if tag == "h2" else part
            self.blocks.append(_Block(tag, plain, marker))
            marker = ""

    def done(self) -> list[_Block]:
        """End the last paragraph and return the blocks."""
        self.flush()
        return self.blocks


def _style_of(node: Node, style: _Run) -> _Run:
    css = node.attrs.get("style", "")
    bold = style.is_bold or node.tag in {"b", "strong"} or bool(_BOLD_STYLE.search(css))
    if _PLAIN_STYLE.search(css):
        bold = False
    href = node.attrs.get("href", "").strip() if node.tag == "a" else ""
    script = style.script
    if node.tag in {"sup", "sub"}:
        script = node.tag
    elif found := _SCRIPT_STYLE.search(css):
        script = {"super": "sup", "sub": "sub"}.get(found[1].lower(), "")
    is_pre = node.tag == "pre" or style.is_pre
    if found := _WHITE_SPACE.search(css):
        is_pre = not found[1]
    return _Run("", bold, href if _HREF.match(href) else style.href, script, is_pre)


def _is_left_out(node: Node) -> bool:
    return bool(_HIDDEN.search(node.attrs.get("style", ""))) or is_side_matter(node)


def _rows(node: Node) -> Iterator[Node]:
    for child in node.nodes():
        if child.tag == "tr" and not _is_left_out(child):
            yield child
        elif child.tag in {"thead", "tbody", "tfoot"}:
            yield from _rows(child)


def _spans(cell: Node) -> dict[str, str]:
    spans = {name: cell.attrs.get(name, "") for name in ("colspan", "rowspan")}
    return {name: n for name, n in spans.items() if parse_number(n, 1) != 1}


def _loose(blocks: list[_Block]) -> list[Node | str]:
    """Return the content of a cell; a single paragraph is written without its tag."""
    if len(blocks) == 1 and blocks[0].tag == "p":
        return _inline(blocks[0].runs)
    return [block.as_node() for block in blocks]


def _item(blocks: list[_Block]) -> Node:
    """Return a list item; its text is written without a tag, followed by nested lists."""
    if blocks and blocks[0].tag == "p" and all(b.tag in {"ul", "ol"} for b in blocks[1:]):
        rest = [block.as_node() for block in blocks[1:]]
        return Node("li", {}, [*_inline(blocks[0].runs), *rest])
    return Node("li", {}, [block.as_node() for block in blocks])


def _split_paragraphs(runs: list[_Run]) -> Iterator[list[_Run]]:
    """Split runs at two line breaks in a row; trim the parts and drop empty ones."""
    part: list[_Run] = []
    breaks = 0
    for run in runs:
        if run.text == "\n":
            breaks += 1
        elif run.text.strip(_EDGE):
            if breaks > 1:
                yield from _trimmed(part)
                part = []
            breaks = 0
        part.append(run)
    yield from _trimmed(part)


def _trimmed(part: list[_Run]) -> Iterator[list[_Run]]:
    """Yield the runs without blanks at the ends of their lines, if anything is left."""
    trimmed: list[_Run] = []
    for run in part:
        text = run.text
        if text == "\n":
            _rstrip(trimmed)
            trimmed += [run] if trimmed else []
            continue
        if not trimmed or trimmed[-1].text.endswith(("\n", " ")):
            at_start = not trimmed or trimmed[-1].text == "\n"
            text = text.lstrip(_EDGE if at_start else " ")
        if text:
            trimmed.append(replace(run, text=text))
    _rstrip(trimmed)
    while trimmed and trimmed[-1].text == "\n":
        trimmed.pop()
        _rstrip(trimmed)
    if trimmed:
        yield trimmed


def _rstrip(runs: list[_Run]) -> None:
    """Remove the blanks at the end of the last line of `runs`."""
    while runs and runs[-1].text != "\n":
        last = runs.pop()
        text = last.text.rstrip(_EDGE)
        if text:
            runs.append(replace(last, text=text))
            return


def _inline(runs: list[_Run]) -> list[Node | str]:
    """Return runs as text, <strong> and <a>, with equal neighbours joined."""
    made: list[Node | str] = []
    for href, linked in _grouped(runs, "href"):
        inner: list[Node | str] = []
        for bold, same in _grouped(linked, "is_bold"):
            parts: list[Node | str] = []
            for script, signs in _grouped(same, "script"):
                texts = list(_lines(signs))
                parts += [Node(script, {}, texts)] if script and _has_text(signs) else texts
            inner += [Node("strong", {}, parts)] if bold and _has_text(same) else parts
        made += [Node("a", {"href": href}, inner)] if href and _has_text(linked) else inner
    return made


def _lines(runs: list[_Run]) -> Iterator[Node | str]:
    """Yield the text of `runs` in clean characters, and its line breaks."""
    for is_break, some in groupby(runs, key=lambda run: run.text == "\n"):
        if is_break:
            yield from (Node("br") for _run in some)
        else:
            yield clean_text("".join(run.text for run in some))


def _has_text(runs: list[_Run]) -> bool:
    return any(run.text.strip(_EDGE) for run in runs)


def _grouped(runs: list[_Run], name: str) -> Iterator[tuple[str, list[_Run]]]:
    group: list[_Run] = []
    for run in runs:
        if group and getattr(group[0], name) != getattr(run, name):
            yield getattr(group[0], name), group
            group = []
        group.append(run)
    if group:
        yield getattr(group[0], name), group


def _with_lists(blocks: list[_Block]) -> list[_Block]:
    """Return the blocks, with paragraphs that begin with a bullet or a number put into lists."""
    made: list[_Block] = []
    is_open = False
    for block in blocks:
        tag, start, runs = _as_item(block)
        if not tag:
            made.append(replace(block, runs=runs))
            is_open = False
            continue
        if not (is_open and made[-1].tag == tag):
            attrs = {"start": start} if tag == "ol" and start != "1" else {}
            made.append(_Block(tag, node=Node(tag, attrs)))
            is_open = True
        made[-1].as_node().children.append(Node("li", {}, _inline(runs)))
    return made


def _as_item(block: _Block) -> tuple[str, str, list[_Run]]:
    """Return the list tag, the number and the text of a block, or "" as tag if it is no item."""
    runs, marker = block.runs, block.marker
    if block.tag != "p":
        return "", "", runs
    if not marker:
        found = _BULLET.match(runs[0].text)
        cut = [replace(runs[0], text=runs[0].text[found.end() :]), *runs[1:]] if found else runs
        left = next(_trimmed(cut), [])
        return ("ul", "", left) if found and left else ("", "", runs)
    number = _NUMBER.fullmatch(marker)
    if number:
        return "ol", str(int(number[1])), runs
    if _WORDED.fullmatch(marker):
        return "", "", [replace(runs[0], text=marker + runs[0].text), *runs[1:]]
    return "ul", "", runs
