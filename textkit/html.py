"""Sanitiser of a story's HTML."""

import re
from collections.abc import Collection

import nh3

from .allowed_html import ATTRIBUTES, LINK_SCHEMES, TAGS
from .nesting import limit_nesting
from .numbers import MAX_ID, parse_number

#: Maximum length in characters; sanitising time grows with nesting, so the caller refuses longer
#: bodies.
MAX_LENGTH = 500_000


def _attribute(tag: str, name: str, value: str) -> str | None:
    """Return a number as a browser uses it, or None if the attribute has no effect."""
    if name in {"colspan", "rowspan", "start", "data-photo"}:
        number = parse_number(value, None, most=MAX_ID)
        is_said = number is not None and (name == "data-photo" or 1 < number <= 1000)
        return str(number) if is_said else None
    return value


_CLEANER = nh3.Cleaner(
    tags=set(TAGS),
    # The star entry prevents nh3 from allowing lang and title on every element.
    attributes={"*": set(), **ATTRIBUTES},
    attribute_filter=_attribute,
    url_schemes=set(LINK_SCHEMES),
    clean_content_tags={"script", "style", "xml", "template", "iframe", "svg", "math"},
    link_rel="noopener nofollow",
)
#: Patterns of blank content. Each must match in only one way: alternatives that match the same
#: blank twice make the search exponential.
BLANKS = (r"\s", "&nbsp;", "<br>")
_EMPTY = re.compile(rf"<(p|h2|blockquote)>(?:{'|'.join(BLANKS)})*</\1>")
_INDENT = re.compile(rf"(<(?:p|h2|blockquote|li|td|th)>)(?:{'|'.join(BLANKS[:2])})+")
_OLD_NAMES = re.compile(r"<(/?)(b|h[13-6]|thead|tfoot)(?=[\s>])", re.IGNORECASE)
_NAMES = {"b": "strong", "thead": "tbody", "tfoot": "tbody"}
#: A photo that is left out takes its line with it.
_FIGURE = re.compile(r'(?:<figure data-photo="(\d+)"></figure>|</?figure[^>]*>)\n?')


def sanitise(source: str, photos: Collection[int] | None = None) -> str:
    """Return `source` with only the allowed HTML, without indents and empty paragraphs.

    `photos` are the ids of the photos allowed in the text; None allows any id, which shows nothing
    until `Body.place_photos` finds the photo. The result is safe to output unescaped. <b> becomes
    <strong>, any heading a subhead. Idempotent.
    """
    renamed = _OLD_NAMES.sub(lambda m: f"<{m[1]}{_NAMES.get(m[2].lower(), 'h2')}", source)
    seen: set[str] = set()

    def figure(found: re.Match[str]) -> str:
        number = found[1] or ""
        is_ours = number and number not in seen and (photos is None or int(number) in photos)
        seen.add(number)
        return found[0] if is_ours else ""

    clean = _FIGURE.sub(figure, _CLEANER.clean(limit_nesting(renamed)))
    return _EMPTY.sub("", _INDENT.sub(r"\1", clean)).strip()
