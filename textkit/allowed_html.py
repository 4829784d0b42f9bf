"""Allowed HTML of a story: one definition for the text editor and for the sanitiser.

The editor cannot produce any other element, and the sanitiser removes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Element:
    """One kind of content that the paper prints.

    `tags` and `attributes` are its HTML; `extensions` are the editor extensions that produce it, by
    name, with their settings.
    """

    name: str
    tags: tuple[str, ...]
    attributes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    extensions: Mapping[str, Any] = field(default_factory=dict)


#: URL schemes that a link may have, besides relative links to the paper's site.
LINK_SCHEMES = ("http", "https", "mailto")
_SPAN = frozenset({"colspan", "rowspan"})

ELEMENTS = (
    # A paragraph may contain line breaks, as in verse.
    Element("paragraph", ("p", "br"), extensions={"HardBreak": True}),
    Element("subhead", ("h2",), extensions={"Heading": {"levels": [2]}}),
    Element("bold", ("strong",), extensions={"Bold": True}),
    Element("superscript", ("sup",), extensions={"Superscript": True}),
    Element("subscript", ("sub",), extensions={"Subscript": True}),
    Element("quote", ("blockquote",), extensions={"Blockquote": True}),
    Element("bullet list", ("ul", "li"), extensions={"BulletList": True, "ListItem": True}),
    Element(
        "ordered list",
        ("ol", "li"),
        {"ol": frozenset({"start"})},
        {
            "OrderedList": {
                "enableListAttributes": False,
                "listTypes": [{"label": "1", "type": "decimal", "description": ""}],
            },
            "ListItem": True,
        },
    ),
    Element(
        "table",
        ("table", "tbody", "tr", "th", "td"),
        {"th": _SPAN, "td": _SPAN},
        {"Table": True, "TableRow": True, "TableHeader": True, "TableCell": True},
    ),
    Element("link", ("a",), {"a": frozenset({"href"})}, {"Link": {"enableTarget": False}}),
    Element(
        "photo", ("figure",), {"figure": frozenset({"data-photo"})}, {"Photo": True, "Paste": True}
    ),
)

TAGS = frozenset(tag for element in ELEMENTS for tag in element.tags)
ATTRIBUTES: dict[str, set[str]] = {}
for _element in ELEMENTS:
    for _tag, _names in _element.attributes.items():
        ATTRIBUTES.setdefault(_tag, set()).update(_names)
#: The text editor's settings; undo is an extension without an element.
EXTENSIONS: dict[str, Any] = {"History": True}
for _element in ELEMENTS:
    EXTENSIONS.update(_element.extensions)
