"""Limits on the nesting and number of HTML elements before parsing. Pure, in linear time.

A parser searches all open elements at each tag: half a megabyte of open quotes takes it most of a
minute. Elements nested deeper than any text needs become paragraphs; their text is not changed.
"""

from __future__ import annotations

import re
from collections import Counter

#: Maximum depth of quotes, lists and tables; of inline elements, which a parser reopens in each
#: paragraph; and of all open elements, as in pasted HTML.
MOST_COMPOUNDS, MOST_INLINE, MOST_OPEN = 8, 20, 60
_COMPOUNDS = frozenset({"blockquote", "ul", "ol", "table"})
#: Void elements, elements that the next of their kind closes, and elements that hold text alone.
_FLAT = frozenset(
    (
        *("area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "image"),
        *("img", "input", "link", "meta", "param", "source", "track", "wbr", "html", "head"),
        *("body", "p", "tr", "td", "th", "tbody", "thead", "tfoot", "colgroup", "script", "style"),
        *("iframe", "noembed", "noframes", "xmp", "plaintext", "textarea", "title"),
    )
)
_INLINE = frozenset(
    (
        *("a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong"),
        *("tt", "u", "span", "label", "sub", "sup", "mark"),
    )
)
#: Elements closed by the next of their kind, if only inline elements are open inside.
_SIBLINGS = {"li": "li", "dt": "d", "dd": "d", "option": "option"} | {
    f"h{n}": "h" for n in "123456"
}
_TAG = re.compile(r"<(/?)([A-Za-z][^\s/>\0]*)")
_COMMENT_END = re.compile(r"--!?>")
_BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "caption", "center", "dd", "details", "div"),
        *("dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4"),
        *("h5", "h6", "header", "li", "main", "nav", "ol", "pre", "section", "summary", "table"),
        "ul",
    )
)
_COUNTED = re.compile(
    rf"<(?:{'|'.join(sorted(_BLOCKS))}|p|br|hr|tr|td|th)(?=[\s/>])", re.IGNORECASE
)


def count_blocks(source: str) -> int:
    """Return the number of blocks, cells and lines that begin in `source`, including empty ones."""
    return len(_COUNTED.findall(source))


def limit_nesting(source: str) -> str:
    """Return HTML with the same text and limited nesting; shallow parts are unchanged.

    Comments are removed.
    """
    if source.count("<") <= MOST_COMPOUNDS:
        return source
    return _TAG.sub(_Open().renamed, _without_comments(source))


def _without_comments(source: str) -> str:
    parts, done = [], 0
    while (start := source.find("<!--", done)) >= 0:
        # Includes the first dashes: <!--> is a complete comment.
        end = _COMMENT_END.search(source, start + 2)
        if end is None:
            break
        parts.append(source[done:start])
        done = end.end()
    return "".join([*parts, source[done:]])


class _Open:
    """The stack of open elements while the tags of a source are scanned, with counts by group."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.compounds = self.inline = 0
        #: Number of renamed elements not yet closed, by name.
        self.renamed_names: Counter[str] = Counter()

    def renamed(self, tag: re.Match[str]) -> str:
        """Return the tag, renamed if it is nested too deep; attributes are unchanged."""
        slash, name = tag[1], tag[2].lower()
        if name in _FLAT:
            return tag[0]
        is_allowed = self._ended(name) if slash else self._begun(name)
        return tag[0] if is_allowed else f"<{slash}{'p' if name in _BLOCKS else 'wbr'}"

    def _begun(self, name: str) -> bool:
        group = _SIBLINGS.get(name, name)
        if name in _SIBLINGS:
            self._forget(group, _INLINE)
        is_full = (
            len(self.names) >= MOST_OPEN
            or (name in _COMPOUNDS and self.compounds >= MOST_COMPOUNDS)
            or (name in _INLINE and self.inline >= MOST_INLINE)
        )
        if is_full:
            self.renamed_names[group] += 1
            return False
        self.names.append(group)
        self._count(group, 1)
        return True

    def _ended(self, name: str) -> bool:
        group = _SIBLINGS.get(name, name)
        if self.renamed_names[group]:
            self.renamed_names[group] -= 1
            return False
        self._forget(group, None)
        return True

    def _forget(self, group: str, through: frozenset[str] | None) -> None:
        """Close the last element of `group`, searching up through `through`, or to a table."""
        for place in range(len(self.names) - 1, -1, -1):
            found = self.names[place]
            if found == group:
                del self.names[place]
                self._count(group, -1)
                return
            if found == "table" if through is None else found not in through:
                return

    def _count(self, group: str, by: int) -> None:
        self.compounds += by * (group in _COMPOUNDS)
        self.inline += by * (group in _INLINE)
