"""The one splitter of a body: its outermost elements, and their lines of text.

It reads HTML that `textkit.body` made, or a part of it, in one pass in linear time.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import NamedTuple

#: Placeholder of a placed photo in the lines of a body.
PHOTO_LINE = "［图］"
_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?:[^<>"]|"[^"]*")*)>')
#: Elements whose start and end divide lines.
_LINES = frozenset({"p", "h2", "blockquote", "ul", "ol", "li", "tr", "table"})
#: Elements inside of a line, and those without an end.
_INLINE = frozenset({"a", "strong", "sub", "sup", "b", "em", "i", "u", "s", "span", "small"})
_VOID = frozenset({"br", "img", "hr", "col", "source", "wbr"})
#: Characters that Unicode has as superscript and as subscript signs.
_RAISED = {
    "sup": dict(zip("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ", strict=True)),
    "sub": dict(zip("0123456789+-−=()aeoxhklmnpst", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₒₓₕₖₗₘₙₚₛₜ", strict=True)),
}


class Line(NamedTuple):
    """One line of a body: its plain text, and its tags alone, which identify its markup."""

    text: str
    tags: str

    @property
    def is_photo(self) -> bool:
        """Return whether the line is a placed photo."""
        return self.tags.startswith("<figure")


@dataclass(frozen=True, slots=True)
class Block:
    """One outermost element: its HTML, its tag ("" for loose text), and its lines."""

    html: str
    tag: str
    lines: tuple[Line, ...]

    @property
    def paragraphs(self) -> list[str]:
        """Return the text of each line, without photos."""
        return [line.text for line in self.lines if not line.is_photo]

    @property
    def text(self) -> str:
        """Return the plain text, without photos, one line for each line."""
        return "\n".join(self.paragraphs)


def split_blocks(source: str) -> tuple[Block, ...]:
    """Return the outermost elements of a body in order."""
    splitter = _Splitter(source)
    for tag in _TAG.finditer(source):
        splitter.text(tag.start())
        if tag[1]:
            splitter.end(tag)
        else:
            splitter.begin(tag)
    splitter.text(len(source))
    splitter.close(len(source))
    return tuple(splitter.blocks)


def in_signs(text: str, script: str) -> str:
    """Return superscript or subscript text in Unicode signs, if Unicode has all of them.

    `script` is "sup" or "sub". m<sup>2</sup> is m² in plain text. A number without such signs gets
    a caret or an underscore (10^-5.5), because it would otherwise be another number. Letters do
    not change.
    """
    signs = _RAISED[script]
    if all(sign in signs for sign in text):
        return "".join(signs[sign] for sign in text)
    is_number = any(sign.isdigit() for sign in text)
    return ("^" if script == "sup" else "_") + text if is_number else text


class _Splitter:
    """State of the pass: the open elements, and the line that is being read."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.blocks: list[Block] = []
        self._lines: list[Line] = []
        self._text: list[str] = []
        self._tags: list[str] = []
        self._depth = self._figures = self._start = self._read = 0
        self._outermost = self._script = ""

    def text(self, end: int) -> None:
        """Read the text up to `end`; text inside a figure is not part of the story."""
        if end > self._read and not self._figures:
            text = html.unescape(self.source[self._read : end])
            self._text.append(in_signs(text, self._script) if self._script else text)

    def begin(self, tag: re.Match[str]) -> None:
        """Read a start tag."""
        self._read, name = tag.end(), tag[2]
        is_outer = name not in _VOID and name not in _INLINE
        if self._depth == 0 and is_outer:
            self.close(tag.start())
            self._outermost = name
        if name in _LINES or name in {"figure", "br"}:
            self._flush()
        if name == "figure":
            self._lines += [] if self._figures else [Line(PHOTO_LINE, tag[0])]
            self._figures += 1
        elif name != "br" and not self._figures:
            self._tags.append(tag[0])
        self._script = name if name in _RAISED else self._script
        self._depth += is_outer

    def end(self, tag: re.Match[str]) -> None:
        """Read an end tag."""
        self._read, name = tag.end(), tag[2]
        if name in _LINES:
            self._flush()
        elif name == "figure":
            self._figures = max(0, self._figures - 1)
        elif not self._figures:
            self._tags.append(tag[0])
            self._text += [" "] if name in {"td", "th"} else []
        self._script = "" if name in _RAISED else self._script
        if name not in _INLINE:
            self._depth = max(0, self._depth - 1)
            if self._depth == 0:
                self.close(tag.end())

    def close(self, end: int) -> None:
        """End the outermost element, or loose text, at `end`."""
        self._flush()
        if self._lines or self._outermost:
            piece = self.source[self._start : end].strip("\n")
            self.blocks.append(Block(piece, self._outermost, tuple(self._lines)))
        self._lines, self._outermost, self._start = [], "", end

    def _flush(self) -> None:
        text = "".join(self._text).strip()
        if text:
            self._lines.append(Line(text, "".join(self._tags)))
        self._text, self._tags = [], []
