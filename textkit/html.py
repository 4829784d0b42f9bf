"""The HTML of a story's body: sanitise it to what the paper prints, place its photos, read it."""

import html
import re
from collections.abc import Callable, Collection, Iterable
from typing import NamedTuple

import nh3

from .printable import ATTRIBUTES, LINK_SCHEMES, TAGS
from .shallow import shallow

#: Cleaning time grows with nesting: a longer body is refused by the caller.
MAX_LENGTH = 500_000


def _attribute(tag: str, name: str, value: str) -> str | None:
    """Keep the numbers that a browser would use, and drop those that say nothing."""
    if name in {"colspan", "rowspan", "start", "data-photo"}:
        is_number = value.isascii() and value.isdigit() and len(value) <= 18
        is_said = is_number and (name == "data-photo" or 1 < int(value) <= 1000)
        return str(int(value)) if is_said else None
    return value


_CLEANER = nh3.Cleaner(
    tags=set(TAGS),
    # The star: nh3 would keep lang and title on everything.
    attributes={"*": set(), **ATTRIBUTES},
    attribute_filter=_attribute,
    url_schemes=set(LINK_SCHEMES),
    clean_content_tags={"script", "style", "xml", "template", "iframe", "svg", "math"},
    link_rel="noopener nofollow",
)
_EMPTY = re.compile(r"<(p|h2|blockquote)>(?:\s|\u3000|&nbsp;|<br>)*</\1>")
_INDENT = re.compile(r"(<(?:p|h2|blockquote|li|td|th)>)(?:\s|\u3000|\xa0|&nbsp;)+")
_OLD_NAMES = re.compile(r"<(/?)(b|h[13-6]|thead|tfoot)(?=[\s>])", re.IGNORECASE)
_NAMES = {"b": "strong", "thead": "tbody", "tfoot": "tbody"}
_FIGURE = re.compile(r'<figure data-photo="(\d+)"></figure>|</?figure[^>]*>')
_PLACED = re.compile(r'<figure data-photo="(\d+)"></figure>')
_PICTURE = re.compile(r"<figure[ >].*?</figure>", re.DOTALL)
_BLOCK_START = re.compile(r"<(?:p|h2|blockquote|ul|ol|li|tr|table)(?=[\s>])")
_BLOCK_END = re.compile(r"</(?:p|h2|blockquote|ul|ol|li|tr|table)>|<br\s*/?>")
#: What stands for a placed photo where a body is read as blocks of text.
PHOTO_BLOCK = "［图］"
_CELL_END = re.compile(r"</t[dh]>")
_TAG = re.compile(r"<[^>]+>")


def sanitise(source: str, photos: Collection[int] | None = None) -> str:
    """Return `source` with only what the paper prints, indents and empty paragraphs gone.

    `photos` are the ids of the photos that may stand in the text; None lets any number stand,
    which shows nothing until `place_photos` finds the photo. Safe to print unescaped. Bold by <b>
    is kept as <strong>, any heading as a subhead. Calling it again changes nothing.
    """
    renamed = _OLD_NAMES.sub(lambda m: f"<{m[1]}{_NAMES.get(m[2].lower(), 'h2')}", source)
    seen: set[str] = set()

    def figure(found: re.Match[str]) -> str:
        number = found[1] or ""
        is_ours = number and number not in seen and (photos is None or int(number) in photos)
        seen.add(number)
        return found[0] if is_ours else ""

    clean = _FIGURE.sub(figure, _CLEANER.clean(shallow(renamed)))
    return _EMPTY.sub("", _INDENT.sub(r"\1", clean)).strip()


def photos_in(body: str) -> list[int]:
    """Return the ids of the photos that stand in a sanitised body, in order."""
    return [int(number) for number in _PLACED.findall(body)]


def place_photos(body: str, show: Callable[[int], str]) -> str:
    """Return a sanitised body with what `show` returns for each photo's id in its place."""
    return _PLACED.sub(lambda found: show(int(found[1])), body)


def from_paragraphs(paragraphs: Iterable[str]) -> str:
    """Return HTML with one <p> for each non-empty plain-text paragraph, escaped."""
    texts = (" ".join(text.split()) for text in paragraphs)
    return "\n".join(f"<p>{html.escape(text, quote=False)}</p>" for text in texts if text)


class Block(NamedTuple):
    """One block of a body: its plain text, and its tags alone, which tell how it is set."""

    text: str
    tags: str


def to_blocks(source: str) -> list[Block]:
    """Return the blocks of `source` in order, those without text left out.

    A photo that is placed in the text is a block of its own, so that its moves can be seen.
    """
    named = _PLACED.sub(rf"\n\g<0>{PHOTO_BLOCK}\n", source)
    apart = _BLOCK_START.sub(r"\n\g<0>", _CELL_END.sub(r"\g<0> ", named))
    lines = _BLOCK_END.sub("\n", apart).split("\n")
    blocks = (_block(*_parted(line, ">")) for line in lines)
    return [block for block in blocks if block.text]


def _block(marked: str, plain: str) -> Block:
    return Block(html.unescape(_TAG.sub("", marked) + plain).strip(), "".join(_TAG.findall(marked)))


def _parted(source: str, end: str) -> tuple[str, str]:
    """Part `source` behind the last `end`: a search there would go to the end from each start."""
    before, found, after = source.rpartition(end)
    return before + found, after


def without_photos(source: str) -> str:
    """Return a printed body without its photos and what stands under them."""
    pictured, rest = _parted(source, "</figure>")
    return _PICTURE.sub("\n", pictured) + rest


def to_paragraphs(source: str) -> list[str]:
    """Return the plain text of each block of `source`, in order; photos and empty ones left out."""
    blocks = to_blocks(without_photos(source))
    return [block.text for block in blocks]


def to_text(source: str) -> str:
    """Return the plain text of `source`, a line for each block."""
    return "\n".join(to_paragraphs(source))
