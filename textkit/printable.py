"""What the paper prints: one definition for the text editor and for the sanitiser.

What is not here, the editor cannot make and the sanitiser does not keep.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Element:
    """One thing that the paper prints.

    `tags` and `attributes` are its HTML; `extensions` are the parts of the text editor that make
    it, by the editor's names for them, with their settings.
    """

    name: str
    tags: tuple[str, ...]
    attributes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    extensions: Mapping[str, Any] = field(default_factory=dict)


#: The addresses that a link may have, beside those of the paper's own pages.
LINK_SCHEMES = ("http", "https", "mailto")
_SPAN = frozenset({"colspan", "rowspan"})

ELEMENTS = (
    # A paragraph may have lines of its own: verse.
    Element("paragraph", ("p", "br"), extensions={"HardBreak": True}),
    Element("subhead", ("h2",), extensions={"Heading": {"levels": [2]}}),
    Element("bold", ("strong",), extensions={"Bold": True}),
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
#: The text editor's settings; undo is a comfort, not an element.
EXTENSIONS: dict[str, Any] = {"History": True}
for _element in ELEMENTS:
    EXTENSIONS.update(_element.extensions)
