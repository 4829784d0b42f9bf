"""Worker for page images: renders an image or a PDF page, and cleans the PDF.

`python -m photos.sandbox.page_worker` runs in a process that may be killed, like
`photos.sandbox.photo_worker`. It imports only pure modules of the project.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
from PIL import Image

from .. import validation
from ..exceptions import PhotoRefused

#: Widths in pixels: thumbnail, phone, screen, and legible body type.
WIDTHS = (240, 800, 1600, 2400)
#: Maximum ratio of a page's sides, and maximum number of pages of a PDF.
TALLEST, MOST_PAGES = 3, 100
_WEBP = {"quality": 80, "method": 2}


def run(source: Path, folder: Path, number: int) -> dict[str, Any]:
    """Write the renditions of a page as wNNN.webp into `folder`, and its cleaned PDF as page.pdf.

    `number` is the page of a PDF, from 1. Returns {"error": code}, or size, widths and the number
    of pages of the PDF (0: an image).
    """
    data = source.read_bytes()
    try:
        if data.lstrip()[:5] == b"%PDF-":
            image, pages = _of_pdf(data, folder, number)
        else:
            image, pages = _of_picture(data), 0
        if image.height > image.width * TALLEST or image.width > image.height * TALLEST:
            raise PhotoRefused("page-shape")
    except PhotoRefused as refused:
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
    image, picture = validation.open_photo(data)
    validation.load(image, picture)
    return validation.decode(image).convert("RGB")


def _of_pdf(data: bytes, folder: Path, number: int) -> tuple[Image.Image, int]:
    """Store page `number` of a PDF cleaned; return its image and the number of pages.

    The image is rendered from the clean page: what readers see and what they download are the same.
    """
    if len(data) > validation.MAX_BYTES:
        raise PhotoRefused("too-many-bytes")
    # Imported late: the web process imports this module and does not need the library.
    from ..pdf_cleaning import CleanPdf, Unclean

    clean = CleanPdf()
    try:
        count = clean.add(data, number, MOST_PAGES)
        clean.save(folder / "page.pdf")
        with pdfium.PdfDocument(folder / "page.pdf") as document:
            page = document[0]
            width, height = page.get_size()
            if width <= 0 or height > width * TALLEST:
                raise PhotoRefused("page-shape")
            image = page.render(scale=WIDTHS[-1] / width).to_pil().convert("RGB")
    except Unclean as error:
        raise PhotoRefused(error.code) from error
    except pdfium.PdfiumError as error:
        raise PhotoRefused("pdf-damaged") from error
    return image, count


def parse_job(job: dict[str, Any]) -> dict[str, Any]:
    """Convert a job from JSON to the arguments of `run`."""
    return {"source": Path(job["source"]), "folder": Path(job["folder"]), "number": job["number"]}


if __name__ == "__main__":
    json.dump(run(**parse_job(json.load(sys.stdin))), sys.stdout)
