"""Helper that adds DOCX paragraphs by style id.

Private API of python-docx (used with 1.2): `Paragraph._p`, the element of a paragraph. The public
`Paragraph.style` searches all styles of the document each time.
"""

from __future__ import annotations

from typing import Any


def add_paragraph(document: Any, text: str, style_id: str) -> None:
    """Add a paragraph with the style id `style_id` to a DOCX document."""
    document.add_paragraph(text)._p.style = style_id
