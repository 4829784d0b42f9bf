"""What the style of a pasted element means: bold, link, raised or lowered, hidden; pure."""

from __future__ import annotations

import re
from dataclasses import replace

from .paste_runs import Run
from .side_matter import is_side_matter
from .tree import Node

_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_PLAIN = re.compile(r"font-weight\s*:\s*(?:normal|[1-5]00)", re.IGNORECASE)
_SCRIPT = re.compile(r"vertical-align\s*:\s*(super|sub|baseline)\b", re.IGNORECASE)
#: The same by a distance, as Word writes “position: raised”. Less than two points are a correction
#: of the font, and a distance raises signs only: whole words are moved for the looks.
_RAISED = re.compile(
    r"(?:mso-text-raise|vertical-align)\s*:\s*(-?)\s*([0-9.]{1,8})\s*(pt|px|em|%)", re.IGNORECASE
)
_POINTS = {"pt": 1.0, "px": 0.75, "em": 10.0, "%": 0.1}
_LEAST_POINTS = 2.0
_SIGNS = re.compile(r"\s*[0-9A-Za-z+\-−–=(),.*′]{1,10}\s*")
_WHITE_SPACE = re.compile(
    r"white-space(?:-collapse)?\s*:\s*(?:(normal|nowrap|collapse)|pre|break-spaces)", re.IGNORECASE
)
_HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE)
#: The looks of a formula beside its signs, which are text already.
_TWICE = re.compile(r"(?:^|\s)katex-html(?:\s|$)")
_HREF = re.compile(r"https?://|mailto:|/(?!/)", re.IGNORECASE)


def style_of(node: Node, style: Run) -> Run:
    """Return the style inside of `node`, as an empty run; `style` is the one around it."""
    css = node.attrs.get("style", "")
    bold = style.is_bold or node.tag in {"b", "strong"} or bool(_BOLD.search(css))
    if _PLAIN.search(css):
        bold = False
    href = node.attrs.get("href", "").strip() if node.tag == "a" else ""
    is_pre = node.tag == "pre" or style.is_pre
    if found := _WHITE_SPACE.search(css):
        is_pre = not found[1]
    href = href if _HREF.match(href) else style.href
    return replace(
        style, text="", is_bold=bold, href=href, script=_script(node, css, style), is_pre=is_pre
    )


def _script(node: Node, css: str, style: Run) -> str:
    if node.tag in {"sup", "sub"}:
        return node.tag
    if found := _SCRIPT.search(css):
        return {"super": "sup", "sub": "sub"}.get(found[1].lower(), "")
    raised = _RAISED.search(css)
    if raised and _is_far(raised) and _SIGNS.fullmatch(node.text()):
        return "sub" if raised[1] else "sup"
    return style.script


def _is_far(raised: re.Match[str]) -> bool:
    number = float(raised[2]) if raised[2].count(".") < 2 and raised[2] != "." else 0.0
    return number * _POINTS[raised[3].lower()] >= _LEAST_POINTS


def is_left_out(node: Node) -> bool:
    """Return whether an element is hidden, side matter, or the same text once more."""
    attrs = node.attrs
    return bool(
        "hidden" in attrs
        or _HIDDEN.search(attrs.get("style", ""))
        or _TWICE.search(attrs.get("class", ""))
        or is_side_matter(node)
    )
