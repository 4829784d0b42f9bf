"""Layers of a PDF (optional content): detection of hidden content. Pure.

A clean PDF has no layers: everything on its pages is shown. A PDF with hidden layers would reveal
content that nobody has seen, so it is refused.
"""

from __future__ import annotations

from typing import Any

from pikepdf import Array, Dictionary, Name

#: Policies of a layer group that show content while a layer is off.
_WHEN_OFF = frozenset({Name.AllOff, Name.AnyOff})


def are_hidden(root: Any) -> bool:
    """Return whether a layer is hidden on the screen, in print or in exports.

    `root` is the catalogue of the PDF.
    """
    layers = _dictionary(root.get("/OCProperties"))
    usual = _dictionary(layers.get("/D"))
    if usual.get("/BaseState") == Name.OFF or len(_array(usual.get("/OFF"))):
        return True
    return any(_is_off_somewhere(layer) for layer in _array(layers.get("/OCGs")))


def _is_off_somewhere(layer: Any) -> bool:
    """Return whether a layer is switched off for viewing, printing or exporting."""
    usage = _dictionary(_dictionary(layer).get("/Usage"))
    parts = [_dictionary(part) for part in usage.values()]
    return any(state == Name.OFF for part in parts for state in part.values())


def is_for_hidden(mark: Any) -> bool:
    """Return whether content with this mark is shown only while a layer is off, or by a formula."""
    mark = _dictionary(mark)
    if mark.get("/Type") != Name.OCMD:
        return False
    return "/VE" in mark or any(mark.get("/P") == policy for policy in _WHEN_OFF)


def _dictionary(value: Any) -> Any:
    return value if isinstance(value, Dictionary) else Dictionary()


def _array(value: Any) -> Any:
    return value if isinstance(value, Array) else Array([])
