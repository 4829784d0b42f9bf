"""The HTML that the paper prints: one definition for the sanitiser and, through it, for readers."""

import html
import re
from collections.abc import Iterable
from typing import NamedTuple

import nh3

#: The elements that the paper prints; everything else is unwrapped or dropped.
TAGS = frozenset(
    [
        "p",
        "h2",
        "h3",
        "strong",
        "em",
        "blockquote",
        "ul",
        "ol",
        "li",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "a",
        "br",
    ]
)
ATTRIBUTES = {"a": {"href"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan", "scope"}}
#: Cleaning time grows with nesting: a longer body is refused by the caller (see `MAX_LENGTH`).
MAX_LENGTH = 500_000

_CLEANER = nh3.Cleaner(
    tags=set(TAGS),
    attributes=ATTRIBUTES,
    url_schemes={"http", "https", "mailto"},
    clean_content_tags={"script", "style", "xml", "template", "iframe", "svg", "math"},
    link_rel="noopener nofollow",
)
_EMPTY = re.compile(r"<(p|h2|h3|blockquote)>(?:\s|\u3000|&nbsp;|<br>)*</\1>")
_INDENT = re.compile(r"(<(?:p|h2|h3|blockquote|li|td)>)(?:\s|\u3000|\xa0|&nbsp;)+")
_BOLD = re.compile(r"<(/?)(b|i)(?=[\s>])", re.IGNORECASE)
_BLOCK_END = re.compile(r"</(?:p|h2|h3|blockquote|li|tr|table)>|<br\s*/?>")
_TAG = re.compile(r"<[^>]+>")
_STRONG = {"b": "strong", "i": "em"}


def sanitise(source: str) -> str:
    """Return `source` with only what the paper prints (`TAGS`), indents and empty paragraphs gone.

    Safe to print unescaped. Bold by <b> is kept as <strong>. Calling it again changes nothing.
    """
    renamed = _BOLD.sub(lambda m: f"<{m[1]}{_STRONG[m[2].lower()]}", source)
    clean = _INDENT.sub(r"\1", _CLEANER.clean(renamed))
    return _EMPTY.sub("", clean).strip()


def from_paragraphs(paragraphs: Iterable[str]) -> str:
    """Return HTML with one <p> for each non-empty plain-text paragraph, escaped."""
    texts = (" ".join(text.split()) for text in paragraphs)
    return "\n".join(f"<p>{html.escape(text, quote=False)}</p>" for text in texts if text)


class Block(NamedTuple):
    """One block of a body: its plain text, and its tags alone, which tell how it is set."""

    text: str
    tags: str


def to_blocks(source: str) -> list[Block]:
    """Return the blocks of `source` in order, those without text left out."""
    lines = _BLOCK_END.sub("\n", source).split("\n")
    blocks = (
        Block(html.unescape(_TAG.sub("", line)).strip(), "".join(_TAG.findall(line)))
        for line in lines
    )
    return [block for block in blocks if block.text]


def to_paragraphs(source: str) -> list[str]:
    """Return the plain text of each block of `source`, in order, empty ones left out."""
    return [block.text for block in to_blocks(source)]


def to_text(source: str) -> str:
    """Return the plain text of `source`, a line for each block."""
    return "\n".join(to_paragraphs(source))
