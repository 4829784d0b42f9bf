"""Text as it comes from Word, WPS, WeChat or a web page, turned into what the paper prints.

Paragraphs, bold, subheads, quotes, lists, tables and links stay; fonts, colours, indents, empty
paragraphs, pictures and what Word had deleted or hidden go.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import nh3

from .shallow import shallow
from .tree import Node, parse, serialise

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_INLINE = frozenset({"a", "b", "strong", "span", "font", "i", "em", "u", "s", "label", "small"})
_BLOCKS = frozenset(
    (
        *("p", "div", "section", "article", "header", "footer", "main", "aside", "nav", "address"),
        *("center", "pre", "form", "fieldset", "dl", "dt", "dd", "hr", "figure", "figcaption"),
        *("caption", "details", "summary", "blockquote", "ul", "ol", "li"),
    )
)
_TABLE = frozenset({"table", "thead", "tbody", "tfoot", "tr", "th", "td"})
#: First the parser of nh3 makes it well-formed and takes out what is not text.
_WELL_FORMED = nh3.Cleaner(
    tags=set(_HEADINGS | _INLINE | _BLOCKS | _TABLE | {"br"}),
    attributes={
        "*": {"style", "class"},
        "a": {"href"},
        "ol": {"start"},
        "td": {"colspan", "rowspan"},
        "th": {"colspan", "rowspan"},
        "figure": {"data-photo"},
    },
    clean_content_tags={
        *("script", "style", "xml", "template", "iframe", "svg", "math", "noscript", "object"),
        *("title", "del", "select", "textarea", "button"),
    },
    link_rel=None,
)
_BOLD_STYLE = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_PLAIN_STYLE = re.compile(r"font-weight\s*:\s*(?:normal|[1-5]00)", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE)
_IGNORED = re.compile(r"mso-list\s*:\s*ignore", re.IGNORECASE)
_HREF = re.compile(r"https?://|mailto:|/(?!/)", re.IGNORECASE)
#: A line of the source that was broken between two Chinese characters has no blank there.
_BROKEN = re.compile(
    r"(?<=[\u2e80-\u9fff\uff00-\uffef])[ \t]*[\r\n][ \t\r\n]*(?=[\u2e80-\u9fff\uff00-\uffef])"
)
_BLANKS = re.compile(r"[ \t\r\n\f\v\xa0]+")
_EDGE = " \n\u3000"
_NUMBER = re.compile(r"[(（]?(\d{1,3})[.)．、）]?")
#: A, 一、 and the like say more than the numbers of a list would: they stay as text.
_WORDED = re.compile(r"[(（]?[A-Za-z一二三四五六七八九十]+[.)．、）]")
#: Bullets that arrive as letters of the fonts Wingdings and Symbol; several in a row are one, or
#: the text of an item would be an item again.
_BULLET = re.compile(r"(?:[·•▪\uf000-\uf0ff]\s*|[lØü§] (?=[\u2e80-\u9fff“（《]))+")


@dataclass(frozen=True, slots=True)
class _Run:
    """A stretch of text of one look; a line break is a newline alone."""

    text: str
    is_bold: bool = False
    href: str = ""


@dataclass(slots=True)
class _Block:
    """A paragraph or a subhead as runs, or another element that is ready in `node`."""

    tag: str
    runs: list[_Run] = field(default_factory=list)
    marker: str = ""
    node: Node | None = None

    def as_node(self) -> Node:
        return self.node or Node(self.tag, {}, _inline(self.runs))


def mend(source: str) -> str:
    """Return pasted or typed HTML as the paper's paragraphs, lists and tables, a line for each.

    Keeps every word that is to be read. Calling it again changes nothing. Sanitise the result.
    """
    flow = _Flow()
    flow.walk(parse(_WELL_FORMED.clean(shallow(source))), _Run(""))
    return "\n".join(serialise([block.as_node()]) for block in _with_lists(flow.done()))


class _Flow:
    """The blocks of one stretch of a text: the whole, a cell, a list item, a quote."""

    def __init__(self) -> None:
        self.blocks: list[_Block] = []
        self.photos: list[_Block] = []
        self._runs: list[_Run] = []
        self._marker = ""

    def walk(self, node: Node, look: _Run) -> None:
        """Read the children of `node`; `look` is a run that says how text looks here."""
        for child in node.children:
            if isinstance(child, str):
                text = _BLANKS.sub(" ", _BROKEN.sub("", child))
                self._runs.append(replace(look, text=text))
            elif child.tag == "br":
                self._runs.append(replace(look, text="\n"))
            elif not _HIDDEN.search(child.attrs.get("style", "")):
                self._element(child, look)

    def _element(self, node: Node, look: _Run) -> None:
        if _IGNORED.search(node.attrs.get("style", "")):
            self._marker += node.text()
        elif node.tag in _INLINE:
            self.walk(node, _look(node, look))
        elif node.tag in _HEADINGS:
            self._in_block(node, "h2", look)
        elif node.tag in {"ul", "ol", "table", "blockquote"}:
            self.flush()
            self._compound(node, look)
        elif node.tag == "figure" and node.attrs.get("data-photo"):
            self.flush()
            number = node.attrs["data-photo"]
            self.photos.append(_Block("figure", node=Node("figure", {"data-photo": number})))
            self._settle()
        else:
            self._in_block(node, "p", look)

    def _in_block(self, node: Node, tag: str, look: _Run) -> None:
        self.flush()
        self.walk(node, _look(node, look))
        self.flush(tag)

    def _compound(self, node: Node, look: _Run) -> None:
        """Read a list, a table or a quote; the photos inside come after it."""
        build = {"table": self._table, "blockquote": self._quote}.get(node.tag, self._list)
        made = build(node, look)
        if made.children:
            self.blocks.append(_Block(node.tag, node=made))
        self._settle()

    def _inside(self, node: Node, look: _Run) -> list[_Block]:
        flow = _Flow()
        flow.walk(node, look)
        blocks = _with_lists(flow.done())
        self.photos += [block for block in blocks if block.tag == "figure"]
        return [block for block in blocks if block.tag != "figure"]

    def _quote(self, node: Node, look: _Run) -> Node:
        return Node("blockquote", {}, [b.as_node() for b in self._inside(node, look)])

    def _list(self, node: Node, look: _Run) -> Node:
        items = [_item(self._inside(child, look)) for child in node.nodes()]
        start = node.attrs.get("start", "")
        attrs = {"start": start} if node.tag == "ol" and start not in {"", "1"} else {}
        return Node(node.tag, attrs, [item for item in items if item.children])

    def _table(self, node: Node, look: _Run) -> Node:
        rows: list[Node | str] = []
        for row in _rows(node):
            cells: list[Node | str] = [
                Node(cell.tag, _spans(cell), _loose(self._inside(cell, look)))
                for cell in row.nodes()
                if cell.tag in {"td", "th"}
            ]
            if cells:
                rows.append(Node("tr", {}, cells))
        table = Node("table", {}, [Node("tbody", {}, rows)])
        return table if table.text().strip() else Node("table")

    def _settle(self) -> None:
        self.blocks += self.photos
        self.photos = []

    def flush(self, tag: str = "p") -> None:
        """End the paragraph; one that was parted by an empty line becomes two."""
        runs, marker = self._runs, self._marker.strip(" \xa0\u3000\t\r\n")
        self._runs, self._marker = [], ""
        for part in _parted(runs):
            plain = [replace(run, is_bold=False) for run in part] if tag == "h2" else part
            self.blocks.append(_Block(tag, plain, marker))
            marker = ""

    def done(self) -> list[_Block]:
        """Return the blocks."""
        self.flush()
        return self.blocks


def _look(node: Node, look: _Run) -> _Run:
    style = node.attrs.get("style", "")
    bold = look.is_bold or node.tag in {"b", "strong"} or bool(_BOLD_STYLE.search(style))
    if _PLAIN_STYLE.search(style):
        bold = False
    href = node.attrs.get("href", "").strip() if node.tag == "a" else ""
    return _Run("", bold, href if _HREF.match(href) else look.href)


def _rows(node: Node) -> Iterator[Node]:
    for child in node.nodes():
        if child.tag == "tr":
            yield child
        elif child.tag in {"thead", "tbody", "tfoot"}:
            yield from _rows(child)


def _spans(cell: Node) -> dict[str, str]:
    spans = {name: cell.attrs.get(name, "") for name in ("colspan", "rowspan")}
    return {name: n for name, n in spans.items() if n.isascii() and n.isdigit() and n != "1"}


def _loose(blocks: list[_Block]) -> list[Node | str]:
    """Return the content of a cell: one paragraph stands there without its tag."""
    if len(blocks) == 1 and blocks[0].tag == "p":
        return _inline(blocks[0].runs)
    return [block.as_node() for block in blocks]


def _item(blocks: list[_Block]) -> Node:
    """Return a list item; its text stands without a tag, lists inside it follow."""
    if blocks and blocks[0].tag == "p" and all(b.tag in {"ul", "ol"} for b in blocks[1:]):
        rest = [block.as_node() for block in blocks[1:]]
        return Node("li", {}, [*_inline(blocks[0].runs), *rest])
    return Node("li", {}, [block.as_node() for block in blocks])


def _parted(runs: list[_Run]) -> Iterator[list[_Run]]:
    """Part runs at two line breaks in a row; trim the parts, leave out the empty ones."""
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
    kept: list[_Run] = []
    for run in part:
        text = run.text
        if text == "\n":
            _rstrip(kept)
            kept += [run] if kept else []
            continue
        if not kept or kept[-1].text.endswith(("\n", " ")):
            at_start = not kept or kept[-1].text == "\n"
            text = text.lstrip(_EDGE if at_start else " ")
        if text:
            kept.append(replace(run, text=text))
    _rstrip(kept)
    while kept and kept[-1].text == "\n":
        kept.pop()
        _rstrip(kept)
    if kept:
        yield kept


def _rstrip(runs: list[_Run]) -> None:
    """Take the blanks off the end of the last line of `runs`."""
    while runs and runs[-1].text != "\n":
        last = runs.pop()
        text = last.text.rstrip(_EDGE)
        if text:
            runs.append(replace(last, text=text))
            return


def _inline(runs: list[_Run]) -> list[Node | str]:
    """Return runs as text, <strong> and <a>, neighbours of one look together."""
    made: list[Node | str] = []
    for href, linked in _grouped(runs, "href"):
        inner: list[Node | str] = []
        for bold, same in _grouped(linked, "is_bold"):
            parts: list[Node | str] = [Node("br") if r.text == "\n" else r.text for r in same]
            inner += [Node("strong", {}, parts)] if bold and _says(same) else parts
        made += [Node("a", {"href": href}, inner)] if href and _says(linked) else inner
    return made


def _says(runs: list[_Run]) -> bool:
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
    """Return the blocks with paragraphs that begin with a bullet or a number put into lists."""
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
    """Return the list tag, the number and the text of a paragraph that is a list item."""
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
