"""The light markup of a plain text area: what one types on a phone, or without JavaScript.

A line is a paragraph, `# ` begins a subhead, `- ` and `1. ` items of a list, `> ` a quote, `| `
the row of a table, `**` stands around bold, `［图1］` for the first photo, `[words](address)` for a
link; a backslash at a line's end carries the paragraph on, before a mark it takes its meaning.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping

from .html import sanitise
from .paste import mend
from .tree import Node, parse

#: Words of a photo's line; the number is that of the photo in the form.
_PHOTO = re.compile(r"[\[［](?:图|photo) ?(\d{1,3})[\]］]", re.IGNORECASE)
#: The last is a bullet as plain text from a word processor has it: a letter of Wingdings, a tab.
_BULLET = re.compile(r"[-*] +|[·•▪][ \u3000\xa0]*|[lnuüØ§\uf000-\uf0ff]\t[ \t\xa0]*")
_NUMBER = re.compile(r"(\d{1,3})\.(?:[ \u3000\xa0\t]+)")
_SUBHEAD = re.compile(r"#{1,3}[ \u3000]+")
_QUOTE = re.compile(r">[ \u3000]?")
_ROW = re.compile(r"\|.*\|")
_RULE = re.compile(r"\|(?:\s*:?-+:?\s*\|)+")
_CELL_EDGE = re.compile(r"(?<!\\)\|")
#: Ends at the next stars or not at all: to look further from each pair takes minutes.
_BOLD = re.compile(r"\*\*(?=\S)((?:(?!\*\*).)+)(?<=\S)\*\*")
_LINK = re.compile(r"\[([^\[\]\n]+)\]\(((?:https?://|mailto:|/(?!/))[^\s()]+|/)\)", re.IGNORECASE)
#: What would be read as markup, though it was text.
_MARKS = re.compile(r"\\|\*\*|\[(?=[^\[\]\n]+\]\()|\|")
_START = re.compile(rf"(?:{_BULLET.pattern}|#|>|{_PHOTO.pattern})", re.IGNORECASE)
_ESCAPED = re.compile(r"\\([\\*\[|#>\-·•▪.［lnuüØ§\uf000-\uf0ff])")
_SPACES = " \t\u3000\xa0"


def from_light(text: str, photos: Mapping[int, int]) -> str:
    """Return the HTML of a text in light markup, sanitised.

    `photos` leads from the numbers of photos in the form to their ids; a number that there is not
    stays as it was typed.
    """
    blocks: list[tuple[str, list[str]]] = []
    for kind, content in _lines(text, photos):
        is_more = blocks and blocks[-1][0] == kind and kind in _WRAP
        if is_more:
            blocks[-1][1].append(content)
        else:
            blocks.append((kind, [content]))
    made = (_WRAP.get(kind, "".join)(rows) for kind, rows in blocks)
    return sanitise(mend("\n".join(made)))


def count_blocks(text: str) -> int:
    """Return how many lines with something in them, and cells, `text` has."""
    return sum(1 for line in text.splitlines() if line.strip()) + text.count("|")


def renumbered(text: str, numbers: Mapping[int, int]) -> str:
    """Return `text` with its photos named by new numbers; `numbers` leads from old ones to them."""

    def put(line: str) -> str:
        photo = _PHOTO.fullmatch(line.strip(_SPACES))
        number = numbers.get(int(photo[1])) if photo else None
        return line if number is None else f"［图{number}］"

    return "\n".join(map(put, text.splitlines()))


def _lines(text: str, photos: Mapping[int, int]) -> Iterator[tuple[str, str]]:
    """Return (kind, content as HTML) of each line; an empty line parts two lists."""
    for line in _joined(_tabbed(text.splitlines())):
        bare = line.strip(_SPACES)
        photo = _PHOTO.fullmatch(bare)
        if photo and int(photo[1]) in photos:
            yield "photo", f'<figure data-photo="{photos[int(photo[1])]}"></figure>'
        elif _ROW.fullmatch(bare):
            yield "table", bare
        else:
            yield _line(bare)


def _line(line: str) -> tuple[str, str]:
    for kind, mark in _KINDS.items():
        found = mark.match(line)
        if found:
            rest = line[found.end() :].strip(_SPACES)
            return kind, (f"{found[1]}." if kind == "ol" else "") + _inline(rest)
    return ("p", f"<p>{_inline(line)}</p>") if line else ("", "")


_KINDS = {"h2": _SUBHEAD, "ul": _BULLET, "ol": _NUMBER, "quote": _QUOTE}


def _joined(lines: list[str]) -> Iterator[str]:
    """Join lines that a backslash carries on, with a line break between them."""
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
    """Turn two or more lines with the same number of tabs, a copied table, into its rows."""
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
    """Return a line's text as HTML with its bold and links."""
    hidden: list[str] = []

    def hide(found: re.Match[str]) -> str:
        hidden.append(found[1])
        return f"\0{len(hidden) - 1}\0"

    escaped = html.escape(_ESCAPED.sub(hide, text.replace("\0", "")), quote=False)
    marked = _BOLD.sub(r"<strong>\1</strong>", escaped)
    linked = _LINK.sub(lambda m: f'<a href="{m[2].replace(chr(34), "%22")}">{m[1]}</a>', marked)
    shown = re.sub("\0(\\d+)\0", lambda m: html.escape(hidden[int(m[1])], quote=False), linked)
    return shown.replace("\n", "<br>")


def _list(items: list[str]) -> str:
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"


def _numbered(items: list[str]) -> str:
    first, _dot, _rest = items[0].partition(".")
    texts = (item.partition(".")[2] for item in items)
    return f'<ol start="{int(first)}">{"".join(f"<li>{text}</li>" for text in texts)}</ol>'


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
    return f"<table>{''.join(f'<tr>{cells}</tr>' for cells in made)}</table>"


_WRAP: dict[str, Callable[[list[str]], str]] = {
    "ul": _list,
    "ol": _numbered,
    "quote": _quote,
    "table": _table,
    "h2": lambda lines: "".join(f"<h2>{line}</h2>" for line in lines),
}


class _Unsaid(Exception):
    """The light markup has no words for this."""


def to_light(body: str, numbers: Mapping[int, int]) -> str | None:
    """Return a sanitised body in light markup; None where that cannot say all of it.

    `numbers` leads from the ids of photos to their numbers in the form. What is returned leads
    back to `body` without loss, but for the blanks between blocks.
    """
    try:
        text = "\n\n".join(_block(child, numbers) for child in parse(body).nodes())
    except _Unsaid:
        return None
    back = from_light(text, {number: pk for pk, number in numbers.items()})
    return text if back == sanitise(mend(body)) else None


def _block(node: Node, numbers: Mapping[int, int]) -> str:
    if node.tag == "figure":
        number = numbers.get(int(node.attrs.get("data-photo", "0")))
        if number is None:
            raise _Unsaid
        return f"［图{number}］"
    if node.tag in _SAY:
        return _SAY[node.tag](node)
    raise _Unsaid


def _said_list(node: Node) -> str:
    start = int(node.attrs.get("start", "1"))
    marks = (f"{start + n}. " if node.tag == "ol" else "- " for n in range(len(node.children)))
    return "\n".join(mark + _said(item) for mark, item in zip(marks, node.nodes(), strict=False))


def _said_table(node: Node) -> str:
    rows = []
    for row in (row for body in node.nodes() for row in body.nodes()):
        cells = list(row.nodes())
        rows.append(f"| {' | '.join(_said(cell) for cell in cells)} |")
        if len(rows) == 1 and all(cell.tag == "th" for cell in cells):
            rows.append("|" + "---|" * len(cells))
    return "\n".join(rows)


def _said_paragraph(node: Node) -> str:
    text = _said(node)
    if _NUMBER.match(text):
        return text.replace(".", "\\.", 1)
    return f"\\{text}" if _START.match(text) else text


_SAY: dict[str, Callable[[Node], str]] = {
    "p": _said_paragraph,
    "h2": lambda node: f"# {_said(node)}",
    "ul": _said_list,
    "ol": _said_list,
    "blockquote": lambda node: "\n".join(f"> {_said(line)}" for line in node.nodes()),
    "table": _said_table,
}


def _said(node: Node) -> str:
    return "".join(
        _MARKS.sub(r"\\\g<0>", child) if isinstance(child, str) else _said_mark(child)
        for child in node.children
    )


def _said_mark(node: Node) -> str:
    if node.tag == "br":
        return "\\\n"
    if node.tag == "strong":
        return f"**{_said(node)}**"
    if node.tag == "a":
        return f"[{_said(node)}]({node.attrs.get('href', '')})"
    raise _Unsaid
