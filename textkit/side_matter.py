"""Side matter of a pasted text: comments, notes, their marks, and tracked deletions.

Word, WPS, LibreOffice and web editors put it next to or below the text and copy it with the text. A
newspaper prints none of it.
"""

from __future__ import annotations

import re

from .tree import Node

#: Containers of notes and comments by `mso-element`, and single ones by class or id: of Word and
#: WPS (Mso…), LibreOffice (sdfootnote), Google Docs (cmnt), encyclopedias (references).
_ELEMENT = re.compile(
    r"mso-element\s*:\s*(?:comment|footnote|endnote|header|footer)|mso-special-character\s*:\s*comment"
    r"|mso-(?:footnote|endnote)-id|mso-comment-(?:reference|continuation)",
    re.IGNORECASE,
)
_CLASS = re.compile(
    r"(?:^|(?<=\s))(?:mso(?:comment(?:reference|text|subject)|com(?:anchor|txt|off|hov)"
    r"|(?:footnote|endnote)(?:reference|text)|del|movefrom)|trackchange\w*delet\w*|sd(?:foot|end)note(?:anc|sym)?"
    r"|(?:foot|end)notes?(?:-?(?:ref|text|reference))?|mw-references-wrap|mw-editsection)(?=\s|$)",
    re.IGNORECASE,
)
_ID = re.compile(r"_?(?:ftn|edn|cmnt|sdfootnote|sdendnote)\d+(?:sym)?|_com_\d+", re.IGNORECASE)
#: Targets inside the same text that word processors and encyclopedias give to marks. Pages have
#: anchors of their own (#comments, #company), whose links are text.
_TARGET = re.compile(
    r"[^#]*#(?:_?(?:msocom|msoanchor|com|anchor)_?\d+|_?cmnt(?:_ref)?\d+"
    r"|_?(?:ftn|edn)(?:t?_?ref|t)?\d+|sd(?:foot|end)note\d+(?:sym|anc)|cite_(?:note|ref)[\w:.-]+"
    r"|fn(?:ref)?[:_-]?\w*\d)",
    re.IGNORECASE,
)
#: Targets of the marks that lead from a note or comment back to the text.
_BACK = re.compile(
    r"[^#]*#(?:_?(?:msoanchor|anchor)_?\d+|_?cmnt_ref\d+|_?(?:ftn|edn)t?_?ref\d+"
    r"|sd(?:foot|end)note\d+anc|cite_ref[\w:.-]+|fnref[:_-]?\w*\d)",
    re.IGNORECASE,
)
#: How a mark looks: [1], [W1], [张1], 1, iv, ①, *, ↑. A word alone is text.
_MARK = re.compile(
    r"\s*(?:[\[［(（]\s*[\w*†‡§\u2460-\u2473]{1,6}\s*[\])）］]|\d{1,3}[a-z]?|[a-z]{1,2}\d{0,3}|[ivx]{1,5}"
    r"|[*†‡§]{1,3}|[\u2460-\u2473↑↩^])\s*",
    re.IGNORECASE,
)
_NOTES = frozenset({"p", "li", "dd"})


def is_side_matter(node: Node) -> bool:
    """Return whether an element of a pasted text is side matter, with everything in it."""
    attrs = node.attrs
    if node.tag == "a":
        return _is_mark(node, _TARGET) or bool(_CLASS.search(attrs.get("class", "")))
    return bool(
        _ELEMENT.search(attrs.get("style", ""))
        or _CLASS.search(attrs.get("class", ""))
        or _ID.fullmatch(attrs.get("id", ""))
        or (node.tag in _NOTES and _begins_with_way_back(node))
    )


def _is_mark(link: Node, target: re.Pattern[str]) -> bool:
    return bool(target.fullmatch(link.attrs.get("href", "")) and _MARK.fullmatch(link.text()))


def _begins_with_way_back(node: Node) -> bool:
    """Return whether a block begins with the mark that leads back to the text, as notes do."""
    while node.tag != "a":
        shown = (child for child in node.children if not isinstance(child, str) or child.strip())
        first = next(shown, "")
        if isinstance(first, str):
            return False
        node = first
    return _is_mark(node, _BACK)
