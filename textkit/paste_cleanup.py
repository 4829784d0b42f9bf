"""Normalisation of text pasted from Word, WPS, WeChat or a web page.

Paragraphs, bold, raised and lowered signs, subheads, quotes, lists, tables and links stay. Fonts,
colours, indents, empty paragraphs and pictures are removed, and so is side matter: text that Word
had deleted or hidden, comments and notes with their marks. What a page shows by its looks alone is
written out: numbers of lists, readings over characters, fractions, quotation marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import nh3

from . import paste_lists as lists
from .characters import clean_text, is_emoji
from .han import HAN
from .nesting import limit_nesting
from .numbers import parse_number
from .paste_runs import PastedBlock, Run, inline, split_paragraphs
from .paste_style import is_left_out, style_of
from .tree import Node, parse, serialise

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_INLINE = frozenset(
    {"a", "b", "strong", "span", "font", "i", "em", "u", "s", "label", "small", "sup", "sub", "q"}
)
_BLOCKS = frozenset(
    (
        *("p", "div", "section", "article", "header", "footer", "main", "aside", "nav", "address"),
        *("center", "pre", "form", "fieldset", "dl", "dt", "dd", "hr", "figure", "figcaption"),
        *("caption", "details", "summary", "blockquote", "ul", "ol", "li"),
    )
)
#: A formula; of those in `_SCRIPTS`, the parts after the first are raised or lowered.
_FORMULA = frozenset({"math", "semantics", "mrow", "mi", "mn", "mo", "mtext", "mfrac", "msqrt"})
_SCRIPTS = {
    "msup": ("sup",),
    "msub": ("sub",),
    "msubsup": ("sub", "sup"),
    "munder": ("sub",),
    "munderover": ("sub", "sup"),
}
#: Characters with their reading beside them.
_RUBY = frozenset({"ruby", "rb", "rt", "rp"})
_TABLE = frozenset({"table", "thead", "tbody", "tfoot", "tr", "th", "td"})
#: The parser of nh3 first makes the source well-formed and removes what is not text.
_WELL_FORMED = nh3.Cleaner(
    tags=set(_HEADINGS | _INLINE | _BLOCKS | _TABLE | _FORMULA | _RUBY | {"br", "img", *_SCRIPTS}),
    attributes={
        "*": {"style", "class", "id", "hidden"},
        "a": {"href", "name"},
        "ol": {"start", "type"},
        "li": {"value"},
        "td": {"colspan", "rowspan"},
        "th": {"colspan", "rowspan"},
        "figure": {"data-photo"},
        "img": {"alt"},
    },
    clean_content_tags={
        *("script", "style", "xml", "template", "iframe", "svg", "noscript", "object"),
        # The signs of a formula stay; the source that accompanies them is removed.
        *("annotation", "annotation-xml", "title", "del", "select", "textarea", "button"),
        # What a browser shows only if it cannot play or draw.
        *("video", "audio", "canvas", "datalist", "noembed", "noframes"),
    },
    link_rel=None,
)
_IGNORED = re.compile(r"mso-list\s*:\s*ignore", re.IGNORECASE)
_FIELD = re.compile(r"mso-element\s*:\s*field-(begin|separator|end)", re.IGNORECASE)
#: A line break between two Chinese characters in the source stands for no space.
_BROKEN = re.compile(
    rf"(?<=[{HAN}\u3000-\u33ff\uff00-\uffef])[ \t]*[\r\n][ \t\r\n]*"
    rf"(?=[{HAN}\u3000-\u33ff\uff00-\uffef])"
)
_BLANKS = re.compile(r"[ \t\r\n\f\v\xa0]+")
#: A part of a fraction that needs no brackets.
_ONE_TERM = re.compile(r"\s*[\w.%]*\s*")


def normalise(source: str) -> str:
    """Return pasted or typed HTML as paragraphs, lists and tables, one per line.

    Every readable word stays. Idempotent. The caller must sanitise the result.
    """
    flow = _Flow()
    flow.walk(parse(_WELL_FORMED.clean(limit_nesting(source))), Run(""))
    return "\n".join(serialise([block.as_node()]) for block in lists.with_lists(flow.done()))


class _Flow:
    """Builder of the blocks of one container: the whole text, a cell, a list item, a quote."""

    def __init__(self) -> None:
        self.blocks: list[PastedBlock] = []
        self.photos: list[PastedBlock] = []
        self._runs: list[Run] = []
        self._marker = ""
        #: Where the open fields of Word began among the runs; None for one whose result is read.
        self._fields: list[int | None] = []

    def walk(self, node: Node, style: Run) -> None:
        """Read the children of `node`; `style` is a run that holds the current style."""
        for child in node.children:
            if isinstance(child, str):
                self._text(child, style)
            elif child.tag == "br":
                self._add("\n", style)
            elif child.tag == "img":
                self._add(child.attrs["alt"] if is_emoji(child.attrs.get("alt", "")) else "", style)
            elif not is_left_out(child):
                self._element(child, style)

    def _add(self, text: str, style: Run) -> None:
        self._runs.append(replace(style, text=text))

    def _text(self, source: str, style: Run) -> None:
        # The bullets of symbol fonts are needed until lists are made.
        clean = clean_text(source, symbols=False)
        lines = clean.splitlines() if style.is_pre else [_BROKEN.sub("", clean)]
        for number, line in enumerate(lines):
            if number:
                self._add("\n", style)
            self._add(_BLANKS.sub(" ", line), style)

    def _element(self, node: Node, style: Run) -> None:
        css = node.attrs.get("style", "")
        if field := _FIELD.search(css):
            self._field(field[1].lower())
        if _IGNORED.search(css):
            self._marker += node.text()
        elif node.tag in _INLINE or node.tag in _FORMULA or node.tag in _RUBY:
            self._in_line(node, style_of(node, style))
        elif node.tag in _SCRIPTS:
            for place, part in enumerate(_parts(node)):
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
            self.photos.append(PastedBlock("figure", node=Node("figure", {"data-photo": number})))
            self._settle()
        else:
            self._in_block(node, "p", style)

    def _in_line(self, node: Node, style: Run) -> None:
        """Read an element inside of a line, with the signs that a page shows around it."""
        if node.tag == "rp":
            return
        if node.tag == "mfrac":
            for place, part in enumerate(_parts(node)):
                self._add("/" if place else "", style)
                self._between(_brackets(part), part, style)
        elif node.tag == "msqrt":
            self._add("√", style)
            self._between(_brackets(node), node, style)
        else:
            shows = node.tag in _SIGNS_AROUND and node.text().strip()
            self._between(_SIGNS_AROUND[node.tag] if shows else ("", ""), node, style)

    def _between(self, signs: tuple[str, str], node: Node, style: Run) -> None:
        self._add(signs[0], style)
        self.walk(node, style)
        self._add(signs[1], style)

    def _field(self, mark: str) -> None:
        """Read the mark of a field of Word: its code (PAGEREF …) is no text, its result is."""
        if mark == "begin":
            self._fields.append(len(self._runs))
            return
        start = self._fields.pop() if self._fields else None
        if start is not None:
            del self._runs[start:]
        if mark == "separator":
            self._fields.append(None)

    def _in_block(self, node: Node, tag: str, style: Run) -> None:
        self.flush()
        self.walk(node, style_of(node, style))
        self.flush(tag)

    def _compound(self, node: Node, style: Run) -> None:
        """Read a list, a table or a quote; photos inside are placed after it."""
        build = {"table": self._table, "blockquote": self._quote}.get(node.tag, self._list)
        self.blocks += [one for one in build(node, style) if one.runs or one.as_node().children]
        self._settle()

    def _inside(self, node: Node, style: Run) -> list[PastedBlock]:
        flow = _Flow()
        flow.walk(node, style)
        blocks = lists.with_lists(flow.done())
        self.photos += [block for block in blocks if block.tag == "figure"]
        return [block for block in blocks if block.tag != "figure"]

    def _quote(self, node: Node, style: Run) -> list[PastedBlock]:
        inside = [block.as_node() for block in self._inside(node, style)]
        return [PastedBlock("blockquote", node=Node("blockquote", {}, [*inside]))]

    def _list(self, node: Node, style: Run) -> list[PastedBlock]:
        """Read a list; one whose numbers do not follow one another becomes several."""
        made: list[PastedBlock] = []
        number, expected = lists.first_number(node), 0
        for child in _items(node):
            if child.tag in {"ul", "ol"}:
                _nest(made, self._inside(Node("", {}, [child]), style))
                continue
            blocks = self._inside(child, style)
            if not blocks:
                continue
            number = lists.own_number(child, number)
            if marker := lists.worded_marker(node, child, number):
                made += lists.worded(marker, blocks)
            else:
                if not (made and made[-1].tag == node.tag and expected == number):
                    start = lists.start_of(number) if node.tag == "ol" else {}
                    made.append(PastedBlock(node.tag, node=Node(node.tag, start)))
                made[-1].as_node().children.append(lists.item(blocks))
            number = expected = number + 1
        return made

    def _table(self, node: Node, style: Run) -> list[PastedBlock]:
        rows: list[Node | str] = []
        for row in _rows(node):
            cells: list[Node | str] = [
                Node(cell.tag, _spans(cell), _loose(self._inside(cell, style)))
                for cell in row.nodes()
                if cell.tag in {"td", "th"} and not is_left_out(cell)
            ]
            if cells:
                rows.append(Node("tr", {}, cells))
        captions = (one for one in node.nodes() if one.tag == "caption" and not is_left_out(one))
        above = [block for one in captions for block in self._inside(one, style)]
        table = Node("table", {}, [Node("tbody", {}, rows)])
        return [*above, *([PastedBlock("table", node=table)] if table.text().strip() else [])]

    def _settle(self) -> None:
        self.blocks += self.photos
        self.photos = []

    def flush(self, tag: str = "p") -> None:
        """End the paragraph; an empty line inside divides it into two."""
        runs, marker = self._runs, self._marker.strip(" \xa0\u3000\t\r\n")
        self._runs, self._marker, self._fields = [], "", []
        for part in split_paragraphs(runs):
            plain = [replace(run, is_bold=False) for run in part] if tag == "h2" else part
            self.blocks.append(PastedBlock(tag, plain, marker))
            marker = ""

    def done(self) -> list[PastedBlock]:
        """End the last paragraph and return the blocks."""
        self.flush()
        return self.blocks


#: What a page shows around an element without writing it.
_SIGNS_AROUND = {"rt": ("（", "）"), "q": ("“", "”")}


def _parts(node: Node) -> Iterator[Node]:
    """Yield the parts of a formula, each in an element of its own."""
    shown = (one for one in node.children if not isinstance(one, str) or one.strip())
    return (Node("", {}, [one]) for one in shown)


def _brackets(node: Node) -> tuple[str, str]:
    return ("", "") if _ONE_TERM.fullmatch(node.text()) else ("(", ")")


def _nest(made: list[PastedBlock], blocks: list[PastedBlock]) -> None:
    """Put a list beside the items of a list into the last one, as the page shows it."""
    items = list(made[-1].as_node().nodes()) if made and made[-1].tag in {"ul", "ol"} else []
    if items:
        items[-1].children += [block.as_node() for block in blocks]
    else:
        made += blocks


def _items(node: Node) -> Iterator[Node]:
    """Yield the items of a list; what stands loose between them is an item too."""
    loose = Node("")
    for child in node.children:
        if isinstance(child, str) or child.tag in _INLINE:
            loose.children.append(child)
            continue
        if loose.text().strip():
            yield loose
        loose = Node("")
        if not is_left_out(child):
            yield child
    if loose.text().strip():
        yield loose


def _rows(node: Node) -> Iterator[Node]:
    for child in node.nodes():
        if child.tag == "tr" and not is_left_out(child):
            yield child
        elif child.tag in {"thead", "tbody", "tfoot"}:
            yield from _rows(child)


def _spans(cell: Node) -> dict[str, str]:
    spans = {name: cell.attrs.get(name, "") for name in ("colspan", "rowspan")}
    return {name: n for name, n in spans.items() if parse_number(n, 1) != 1}


def _loose(blocks: list[PastedBlock]) -> list[Node | str]:
    """Return the content of a cell; a single paragraph is written without its tag."""
    if len(blocks) == 1 and blocks[0].tag == "p":
        return inline(blocks[0].runs)
    return [block.as_node() for block in blocks]
