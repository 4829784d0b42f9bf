"""HTML made shallow before it is parsed, and told how much of it there is. Pure, and linear.

A parser looks up through all open elements at each tag: half a megabyte of open quotes takes it
most of a minute. What is nested deeper than any text needs becomes paragraphs; its words stay.
"""

from __future__ import annotations

import re
from collections import Counter

#: Quotes, lists, tables in each other; bold and the like, which a parser opens again in each
#: paragraph; all elements that are open, as paste brings them.
MOST_COMPOUNDS, MOST_INLINE, MOST_OPEN = 8, 20, 60
_COMPOUNDS = frozenset({"blockquote", "ul", "ol", "table"})
#: Open nothing, or are ended by the next of their kind, or hold text alone.
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
#: The next of its kind ends it, where nothing but inline elements is open in it.
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
    """Return how many blocks, cells and lines begin in `source`; empty ones count."""
    return len(_COUNTED.findall(source))


def shallow(source: str) -> str:
    """Return HTML with the same text and no deep nesting; what is not deep is as it was.

    Comments go.
    """
    if source.count("<") <= MOST_COMPOUNDS:
        return source
    return _TAG.sub(_Open().renamed, _without_comments(source))


def _without_comments(source: str) -> str:
    parts, done = [], 0
    while (start := source.find("<!--", done)) >= 0:
        # From the first dashes on: <!--> is a whole comment.
        end = _COMMENT_END.search(source, start + 2)
        if end is None:
            break
        parts.append(source[done:start])
        done = end.end()
    return "".join([*parts, source[done:]])


class _Open:
    """The elements that are open while the tags of a source pass by, by their groups."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.compounds = self.inline = 0
        #: What was renamed and not yet ended, by name.
        self.renamed_names: Counter[str] = Counter()

    def renamed(self, tag: re.Match[str]) -> str:
        """Return the tag as it may stand; no attribute is touched."""
        slash, name = tag[1], tag[2].lower()
        if name in _FLAT:
            return tag[0]
        keeps = self._ended(name) if slash else self._begun(name)
        return tag[0] if keeps else f"<{slash}{'p' if name in _BLOCKS else 'wbr'}"

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
        """Take out the last of `group`, looking up through what `through` names, or to a table."""
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
