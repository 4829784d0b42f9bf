"""The body of a story: normalised and sanitised where it enters, rendered to every output.

Foreign text enters through `Body.from_html`, `from_markup` and `from_paragraphs`, which clean it. A
stored body is already clean, so `Body(html)` trusts the content of a table.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cached_property
from typing import Any

from . import markup
from .blocks import Block, Line, split_blocks
from .characters import clean_text
from .html import sanitise
from .paste_cleanup import normalise

_PLACED = re.compile(r'<figure data-photo="(\d+)"></figure>')
_PLACED_LINE = re.compile(_PLACED.pattern + r"\n?")
#: Tags and entities that a body has as text if its HTML was escaped once more than it should be.
#: The name of a tag is followed by attributes: a<b 且 c>d is text.
_ESCAPED = re.compile(
    r"</?(?:p|div|span|br|strong|b|em|i|u|h[1-6]|ul|ol|li|table|tbody|tr|t[dh]|blockquote|a|font"
    r"|figure|section|img|sup|sub)(?:\s+[a-z][a-z:-]*\s*=[^<>]*|\s*)/?>"
    r"|&(?:nbsp|lt|gt|amp|quot|#\d{2,6}|#x[0-9a-f]+);",
    re.IGNORECASE,
)


def escaped_markup(text: str) -> str:
    """Return the first HTML tag or entity that readers of `text` would see, or ""."""
    found = _ESCAPED.search(text)
    return found[0] if found else ""


class Body(str):
    """HTML of a body as stored and signed, with everything that is rendered from it.

    It contains only what `allowed_html` names, one block per line, and is safe to output unescaped.
    It is a string, so that forms, columns and hashes take it as it is.
    """

    @classmethod
    def from_html(cls, source: str, photos: Collection[int] | None = None) -> Body:
        """Return foreign HTML as a body: typed, pasted, imported, from the text editor.

        `photos` are the ids of the photos that it may contain; None allows any.
        """
        if isinstance(source, Body):
            return source if photos is None else source.only_photos(photos)
        return cls(sanitise(normalise(source), photos))

    @classmethod
    def from_markup(cls, text: str, photos: Mapping[int, int]) -> Body:
        """Return a text in light markup as a body; `photos` maps its photo numbers to ids."""
        return cls.from_html(markup.to_html(text, photos))

    @classmethod
    def from_paragraphs(cls, paragraphs: Iterable[str]) -> Body:
        """Return plain-text paragraphs as a body, without the empty ones."""
        texts = (" ".join(clean_text(text).split()) for text in paragraphs)
        return cls("\n".join(f"<p>{html.escape(text, quote=False)}</p>" for text in texts if text))

    def __deepcopy__(self, memo: dict[int, Any]) -> Body:
        """A string does not change, and what was read from it need not be copied."""
        return self

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The outermost elements in order."""
        return split_blocks(self)

    @cached_property
    def lines(self) -> list[Line]:
        """The lines of text in order; a placed photo is a separate line."""
        return [line for block in self.blocks for line in block.lines]

    @property
    def paragraphs(self) -> list[str]:
        """The plain text of each line, without photos."""
        return [line.text for line in self.lines if not line.is_photo]

    @property
    def text(self) -> str:
        """The plain text, without photos, one line for each line."""
        return "\n".join(self.paragraphs)

    @property
    def photos(self) -> list[int]:
        """The ids of the placed photos, in order."""
        return [int(number) for number in _PLACED.findall(self)]

    def only_photos(self, photos: Collection[int]) -> Body:
        """Return the body without placed photos other than `photos`, and without repeated ones."""
        seen: set[int] = set()

        def figure(found: re.Match[str]) -> str:
            number = int(found[1])
            is_ours = number in photos and number not in seen
            seen.add(number)
            return found[0] if is_ours else ""

        kept = _PLACED_LINE.sub(figure, self)
        return self if kept == self else Body(kept.strip("\n"))

    def place_photos(self, show: Callable[[int], str]) -> str:
        """Return the HTML with each placed photo replaced by the result of `show` for its id."""
        return _PLACED.sub(lambda found: show(int(found[1])), self)

    def without_photos(self) -> str:
        """Return the HTML without its photos and their captions."""
        return "\n".join(block.html for block in self.blocks if block.tag != "figure")

    def as_markup(self, numbers: Mapping[int, int]) -> str | None:
        """Return the body in light markup, or None if that cannot express all of it.

        `numbers` maps the ids of photos to their numbers in the form. `from_markup` of the result
        is the body again.
        """
        text = markup.from_html(self, numbers)
        if text is None:
            return None
        made = markup.to_html(text, {number: pk for pk, number in numbers.items()})
        # Only the few texts that the markup writes differently are cleaned again.
        return text if made == self or Body.from_html(made) == self else None


EMPTY = Body()
