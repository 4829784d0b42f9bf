"""PDFs and pictures of a whole printed page."""

from __future__ import annotations

import io

from reportlab.pdfgen.canvas import Canvas

from tests.helpers import factories


def pdf(pages: int = 1, size: tuple[float, float] = (800, 1100), **how: object) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=size, **how)
    for number in range(1, pages + 1):
        canvas.drawString(100, 100, f"page {number}")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def page_picture() -> bytes:
    return factories.picture("PNG", (900, 1300))
