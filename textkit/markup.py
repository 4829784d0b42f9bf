"""Light markup of a plain text area, for typing on a phone or without JavaScript.

A line is a paragraph. `# ` begins a subhead, `- ` and `1. ` list items, `> ` a quote, `| ` a table
row. `**` encloses bold text, `［图1］` is the first photo, `[words](address)` a link, `m^{2}` and
`CO_{2}` a superscript and a subscript. A backslash at the end of a line continues the paragraph;
before a markup character it escapes it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping

from .tree import Node, parse

#: The line of a photo; the number is that of the photo in the form.
_PHOTO = re.compile(r"[\[［](?:图|photo) ?(\d{1,3})[\]］]", re.IGNORECASE)
#: The last alternative is a bullet in plain text from a word processor: a letter of Wingdings and a
#: tab.
_BULLET = re.compile(r"[-*] +|[·•▪][ \u3000\xa0]*|[lnuüØ§\uf000-\uf0ff]\t[ \t\xa0]*")
_NUMBER = re.compile(r"([0-9]{1,3})\.(?:[ \u3000\xa0\t]+)")
_SUBHEAD = re.compile(r"#{1,3}[ \u3000]+")
_QUOTE = re.compile(r">[ \u3000]?")
_ROW = re.compile(r"\|.*\|")
_RULE = re.compile(r"\|(?:\s*:?-+:?\s*\|)+")
_CELL_EDGE = re.compile(r"(?<!\\)\|")
#: Matches up to the next asterisks or not at all: searching further from each pair would take
#: minutes.
_BOLD = re.compile(r"\*\*(?=\S)((?:(?!\*\*).)+)(?<=\S)\*\*", re.DOTALL)
#: An address may have pairs of brackets, as those of encyclopedias do.
_LINK = re.compile(
    r"\[([^\[\]\n]+)\]\(((?:https?://|mailto:|/(?!/))(?:[^\s()]|\([^\s()]*\))+|/)\)", re.IGNORECASE
)
_SCRIPT = re.compile(r"([\^_])\{([^{}\n]{1,40})\}")
_SCRIPT_TAGS = {"^": "sup", "_": "sub"}
#: Text that would be read as markup and must be escaped.
_MARKS = re.compile(r"\\|\*\*|\[(?=[^\[\]\n]+\]\()|\||[\^_](?=\{)")
_START = re.compile(rf"(?:{_BULLET.pattern}|#|>|{_PHOTO.pattern})", re.IGNORECASE)
_ESCAPED = re.compile(r"\\([\\*\[\]|#>\-·•▪.［lnuüØ§\uf000-\uf0ff]|[\^_](?=\{))")
_SPACES = " \t\u3000\xa0"


def to_html(text: str, photos: Mapping[int, int]) -> str:
    """Return the HTML of a text in light markup, which `textkit.body` normalises and sanitises.

    `photos` maps the numbers of photos in the form to their ids; an unknown number stays as typed.
    """
    blocks: list[tuple[str, list[str]]] = []
    for kind, content in _lines(text, photos):
        is_more = blocks and blocks[-1][0] == kind and kind in _WRAP
        if is_more:
            blocks[-1][1].append(content)
        else:
            blocks.append((kind, [content]))
    made = (_WRAP.get(kind, "".join)(rows) for kind, rows in blocks)
    return "\n".join(block for block in made if block)


def count_blocks(text: str) -> int:
    """Return the number of non-empty lines and table cells in `text`."""
    lines = _tabbed(text.splitlines())
    return sum(1 for line in lines if line.strip()) + sum(line.count("|") for line in lines)


def renumbered(text: str, numbers: Mapping[int, int]) -> str:
    """Return `text` with its photos renumbered; `numbers` maps old numbers to new ones."""

    def put(line: str) -> str:
        photo = _PHOTO.fullmatch(line.strip(_SPACES))
        number = numbers.get(int(photo[1])) if photo else None
        return line if number is None else f"［图{number}］"

    return "\n".join(map(put, text.splitlines()))


def _lines(text: str, photos: Mapping[int, int]) -> Iterator[tuple[str, str]]:
    """Return (kind, content as HTML) of each line; an empty line separates two lists."""
    for line in _joined(_tabbed(_without_gaps(text.splitlines()))):
        bare = line.strip(_SPACES)
        photo = _PHOTO.fullmatch(bare)
        if photo and int(photo[1]) in photos:
            yield "photo", f'<figure data-photo="{photos[int(photo[1])]}"></figure>'
        elif _ROW.fullmatch(bare):
            yield "table", bare
        else:
            yield _line(bare)


def _without_gaps(lines: list[str]) -> list[str]:
    """Reduce empty lines to two in a row: one may end a line break, one separates lists."""
    made: list[str] = []
    empty = 0
    for line in lines:
        empty = 0 if line.strip(_SPACES) else empty + 1
        if empty < 3:
            made.append(line)
    return made


def _line(line: str) -> tuple[str, str]:
    for kind, mark in _KINDS.items():
        found = mark.match(line)
        if found:
            rest = line[found.end() :].strip(_SPACES)
            return kind, (f"{found[1]}." if kind == "ol" else "") + _inline(rest)
    return ("p", f"<p>{_inline(line)}</p>") if line else ("", "")


_KINDS = {"h2": _SUBHEAD, "ul": _BULLET, "ol": _NUMBER, "quote": _QUOTE}


def _joined(lines: list[str]) -> Iterator[str]:
    """Join lines that a backslash continues, with a line break between them."""
    carried: list[str] = []
    for line in lines:
        bare = line.rstrip(_SPACES)
        is_carried = (len(bare) - len(bare.rstrip("\\"))) % 2 == 1
        carried.append(bare[:-1] if is_carried else bare)
        if not is_carried:
            yield "\n".join(carried)
            carried = []
    if carried:
        yield "\n".join([*carried, ""])


def _tabbed(lines: list[str]) -> list[str]:
    """Turn two or more lines with the same number of tabs (a copied table) into table rows."""
    made: list[str] = []
    run: list[str] = []
    for line in [*lines, ""]:
        tabs = line.strip(" \u3000").count("\t")
        if tabs and not _BULLET.match(line) and (not run or tabs == run[-1].count("\t")):
            run.append(line.strip(" \u3000"))
            continue
        made += _as_rows(run)
        run = []
        made.append(line)
    return made[:-1]


def _as_rows(run: list[str]) -> list[str]:
    if len(run) < 2:
        return run
    rows = (row.replace("|", r"\|").split("\t") for row in run)
    return [f"| {' | '.join(cells)} |" for cells in rows]


def _inline(text: str) -> str:
    """Return a line's text as HTML, with its bold text and links."""
    #: What is no markup any more, as HTML: escaped characters, and the addresses of links.
    hidden: list[str] = []

    def hide(shown: str) -> str:
        hidden.append(shown)
        return f"\0{len(hidden) - 1}\0"

    def shown(source: str) -> str:
        return _HIDDEN.sub(lambda found: hidden[int(found[1])], source)

    def link(found: re.Match[str]) -> str:
        address = shown(found[2]).replace(chr(34), "%22")
        return f'<a href="{hide(address)}" rel="noopener nofollow">{found[1]}</a>'

    def escape(found: re.Match[str]) -> str:
        return hide(html.escape(found[1], quote=False))

    bare = _ESCAPED.sub(escape, text.replace("\0", ""))
    linked = _LINK.sub(link, html.escape(bare, quote=False))
    marked = _BOLD.sub(r"<strong>\1</strong>", linked)
    raised = _SCRIPT.sub(lambda m: "<{0}>{1}</{0}>".format(_SCRIPT_TAGS[m[1]], m[2]), marked)
    return shown(raised).replace("\n", "<br>")


_HIDDEN = re.compile("\0(\\d+)\0")


def _list(items: list[str]) -> str:
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"


def _numbered(items: list[str]) -> str:
    """Return numbered items as lists: where a number is not the next one, another list begins."""
    numbers = [int(item.partition(".")[0]) for item in items]
    texts = [item.partition(".")[2] for item in items]
    # The same number before each item lets the list count.
    is_lazy = len(set(numbers)) == 1
    lists: list[tuple[int, list[str]]] = []
    for place, (number, text) in enumerate(zip(numbers, texts, strict=True)):
        if place and (is_lazy or number == numbers[place - 1] + 1):
            lists[-1][1].append(text)
        else:
            lists.append((number, [text]))
    return "\n".join(_ordered(start, some) for start, some in lists)


def _ordered(start: int, texts: list[str]) -> str:
    attribute = f' start="{start}"' if start != 1 else ""
    return f"<ol{attribute}>{''.join(f'<li>{text}</li>' for text in texts)}</ol>"


def _quote(lines: list[str]) -> str:
    return f"<blockquote>{''.join(f'<p>{line}</p>' for line in lines)}</blockquote>"


def _table(rows: list[str]) -> str:
    has_head = len(rows) > 1 and bool(_RULE.fullmatch(rows[1]))
    made = []
    for number, row in enumerate(rows):
        if number == 1 and has_head:
            continue
        tag = "th" if has_head and number == 0 else "td"
        cells = _CELL_EDGE.split(row[1:-1])
        made.append("".join(f"<{tag}>{_inline(cell.strip(_SPACES))}</{tag}>" for cell in cells))
    return f"<table><tbody>{''.join(f'<tr>{cells}</tr>' for cells in made)}</tbody></table>"


_WRAP: dict[str, Callable[[list[str]], str]] = {
    "ul": _list,
    "ol": _numbered,
    "quote": _quote,
    "table": _table,
    "h2": lambda lines: "".join(f"<h2>{line}</h2>" for line in lines),
}


_SCRIPT_MARKS = {tag: sign for sign, tag in _SCRIPT_TAGS.items()}


class _NotExpressible(Exception):
    """The light markup cannot express this element."""


def from_html(body: str, numbers: Mapping[int, int]) -> str | None:
    """Return the HTML of a body in light markup, or None if the markup has no sign for a part.

    `numbers` maps the ids of photos to their numbers in the form.
    """
    try:
        return "\n\n".join(_block(child, numbers) for child in parse(body).nodes())
    except _NotExpressible:
        return None


def _block(node: Node, numbers: Mapping[int, int]) -> str:
    if node.tag == "figure":
        number = numbers.get(int(node.attrs.get("data-photo", "0")))
        if number is None:
            raise _NotExpressible
        return f"［图{number}］"
    if node.tag in _TO_MARKUP:
        return _TO_MARKUP[node.tag](node)
    raise _NotExpressible


def _list_markup(node: Node) -> str:
    start = int(node.attrs.get("start", "1"))
    marks = (f"{start + n}. " if node.tag == "ol" else "- " for n in range(len(node.children)))
    return "\n".join(
        mark + _inner_markup(item) for mark, item in zip(marks, node.nodes(), strict=False)
    )


def _table_markup(node: Node) -> str:
    rows = []
    for row in (row for body in node.nodes() for row in body.nodes()):
        cells = list(row.nodes())
        rows.append(f"| {' | '.join(_inner_markup(cell) for cell in cells)} |")
        if len(rows) == 1 and all(cell.tag == "th" for cell in cells):
            rows.append("|" + "---|" * len(cells))
    return "\n".join(rows)


def _paragraph_markup(node: Node) -> str:
    text = _inner_markup(node)
    if _NUMBER.match(text):
        return text.replace(".", "\\.", 1)
    return f"\\{text}" if _START.match(text) else text


_TO_MARKUP: dict[str, Callable[[Node], str]] = {
    "p": _paragraph_markup,
    "h2": lambda node: f"# {_inner_markup(node)}",
    "ul": _list_markup,
    "ol": _list_markup,
    "blockquote": lambda node: "\n".join(f"> {_inner_markup(line)}" for line in node.nodes()),
    "table": _table_markup,
}


def _inner_markup(node: Node) -> str:
    return "".join(
        _MARKS.sub(r"\\\g<0>", child) if isinstance(child, str) else _inline_markup(child)
        for child in node.children
    )


_BRACKET = re.compile(r"\\?[\[\]]")
_BARS = re.compile(r"[\\|]")


def _inline_markup(node: Node) -> str:
    if node.tag == "br":
        return "\\\n"
    if node.tag == "strong":
        return f"**{_inner_markup(node)}**"
    if node.tag == "a":
        # Brackets in the words of a link would end them, a bar in its address the cell of a table.
        words = _BRACKET.sub(lambda found: f"\\{found[0][-1]}", _inner_markup(node))
        address = _BARS.sub(r"\\\g<0>", node.attrs.get("href", ""))
        return f"[{words}]({address})"
    if node.tag in _SCRIPT_MARKS:
        made = f"{_SCRIPT_MARKS[node.tag]}{{{node.text()}}}"
        if _SCRIPT.fullmatch(made):
            return made
    raise _NotExpressible
