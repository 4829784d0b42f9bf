"""A small tree of well-formed HTML."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = frozenset({"br", "img", "hr", "col"})
#: Deeper elements are unwrapped: no text needs them, and recursion must not exhaust the stack.
_MAX_DEPTH = 120


@dataclass(slots=True)
class Node:
    """One element with its attributes; children are nodes and strings."""

    tag: str
    attrs: dict[str, str] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)

    def text(self) -> str:
        """Return the text of this element and its descendants."""
        return "".join(c if isinstance(c, str) else c.text() for c in self.children)

    def nodes(self) -> Iterator[Node]:
        """Return the children that are elements."""
        return (child for child in self.children if isinstance(child, Node))


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.stack = [Node("")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        if tag in _VOID:
            self.stack[-1].children.append(node)
        elif len(self.stack) < _MAX_DEPTH:
            self.stack[-1].children.append(node)
            self.stack.append(node)

    def handle_endtag(self, tag: str) -> None:
        # An end tag without a start tag belongs to an unwrapped element.
        if len(self.stack) > 1 and self.stack[-1].tag == tag:
            self.stack.pop()

    def handle_data(self, data: str) -> None:
        self.stack[-1].children.append(data)


def parse(source: str) -> Node:
    """Return the tree of well-formed HTML under a root with an empty tag."""
    builder = _Builder()
    builder.feed(source)
    builder.close()
    return builder.stack[0]


def serialise(nodes: Iterable[Node | str]) -> str:
    """Return nodes and strings as HTML."""
    return "".join(
        html.escape(node, quote=False) if isinstance(node, str) else _element(node)
        for node in nodes
    )


def _element(node: Node) -> str:
    attrs = "".join(f' {name}="{html.escape(value)}"' for name, value in node.attrs.items())
    if node.tag in _VOID:
        return f"<{node.tag}{attrs}>"
    return f"<{node.tag}{attrs}>{serialise(node.children)}</{node.tag}>"
