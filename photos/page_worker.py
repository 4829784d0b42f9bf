"""The picture of a newspaper page, of a picture or a PDF: `python -m photos.page_worker`.

Runs, as `photos.worker` does, in a process that may be killed, and imports nothing of the project
but what is pure.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
from PIL import Image

from . import checking

#: Widths in pixels: a small picture, a phone, a screen, and to read the body type by.
WIDTHS = (240, 800, 1600, 2400)
#: A page is at most so many times as high as wide, and a PDF has at most so many pages.
TALLEST, MOST_PAGES = 3, 100
_WEBP = {"quality": 80, "method": 2}


def run(source: Path, folder: Path, number: int) -> dict[str, Any]:
    """Write the widths of a page as wNNN.webp into `folder`, and its PDF as page.pdf.

    `number` is the page of a PDF, from 1. Returns {"error": code}, or size, widths and how many
    pages the PDF has (0: it was a picture).
    """
    data = source.read_bytes()
    try:
        if data.lstrip()[:5] == b"%PDF-":
            image, pages = _of_pdf(data, folder, number)
        else:
            image, pages = _of_picture(data), 0
        if image.height > image.width * TALLEST or image.width > image.height * TALLEST:
            raise checking.Refused("page-shape")
    except checking.Refused as refused:
        return {"error": refused.code}
    widths = [width for width in WIDTHS if width <= image.width] or [image.width]
    small = image
    for width in reversed(widths):
        height = max(1, round(image.height * width / image.width))
        if width != small.width:
            small = small.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)
        small.save(folder / f"w{width}.webp", "WEBP", **_WEBP)
    return {"size": image.size, "widths": widths, "pages": pages}


def _of_picture(data: bytes) -> Image.Image:
    image = checking.opened(data)
    checking.load_whole(image, data)
    return checking.decoded(image).convert("RGB")


def _of_pdf(data: bytes, folder: Path, number: int) -> tuple[Image.Image, int]:
    """Return page `number` of a PDF as a picture, and how many pages it has; store that page."""
    if len(data) > checking.MAX_BYTES:
        raise checking.Refused("too-many-bytes")
    try:
        with pdfium.PdfDocument(data) as document:
            count = len(document)
            if count > MOST_PAGES:
                raise checking.Refused("pdf-pages")
            if not 1 <= number <= count:
                raise checking.Refused("pdf-no-page")
            page = document[number - 1]
            width, height = page.get_size()
            if width <= 0 or height > width * TALLEST:
                raise checking.Refused("page-shape")
            image = page.render(scale=WIDTHS[-1] / width).to_pil().convert("RGB")
            _keep(document, number, folder)
    except pdfium.PdfiumError as error:
        code = "pdf-locked" if "password" in str(error).lower() else "pdf-damaged"
        raise checking.Refused(code) from error
    return image, count


def _keep(document: pdfium.PdfDocument, number: int, folder: Path) -> None:
    """Store one page as a PDF of its own, without the scripts and files of the whole."""
    with pdfium.PdfDocument.new() as alone:
        alone.import_pages(document, [number - 1])
        alone.save(folder / "page.pdf")


def parsed(job: dict[str, Any]) -> dict[str, Any]:
    """Return a job as it is sent as the arguments of `run`."""
    return {"source": Path(job["source"]), "folder": Path(job["folder"]), "number": job["number"]}


if __name__ == "__main__":
    json.dump(run(**parsed(json.load(sys.stdin))), sys.stdout)
