"""Pages as PDF: `python -m press.pdf_worker`, in a process that may be killed.

Imports neither Django nor the project. Fetches nothing but the files that are handed to it: a text
that names an address gets no answer.
"""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium

#: Stands before the name of a handed file in a page's HTML.
SCHEME = "newsroom:"


def run(parts: list[dict[str, str]], files: dict[str, str], out: str) -> dict[str, Any]:
    """Write one PDF of `parts` into the file `out`: {"html": text} is set, {"file": path} taken.

    `files` are paths by the names that the HTML has for them. Returns {"pages": count}, or
    {"error": code}: "no-library" where WeasyPrint or the libraries below it are missing.
    """
    try:
        documents = [_document(part, files) for part in parts]
    except (ImportError, OSError) as error:
        return {"error": "no-library", "what": str(error)[:300]}
    except pdfium.PdfiumError:
        return {"error": "damaged"}
    with pdfium.PdfDocument.new() as whole:
        for document in documents:
            whole.import_pages(document)
        whole.save(out)
        return {"pages": len(whole)}


def _document(part: dict[str, str], files: dict[str, str]) -> pdfium.PdfDocument:
    if "file" in part:
        return pdfium.PdfDocument(Path(part["file"]).read_bytes())
    return pdfium.PdfDocument(_set(part["html"], files))


def _set(source: str, files: dict[str, str]) -> bytes:
    from weasyprint import HTML
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Handed(URLFetcher):
        """Gives the files that were handed over, and nothing else."""

        def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
            """Return a handed file. Raises ValueError for any other address."""
            name = url.removeprefix(SCHEME)
            if name == url or name not in files:
                raise ValueError("not handed over")
            return URLFetcherResponse(url, Path(files[name]).read_bytes())

    out = io.BytesIO()
    page = HTML(string=source, base_url=SCHEME, url_fetcher=Handed())
    page.write_pdf(out, font_config=FontConfiguration())
    return out.getvalue()


if __name__ == "__main__":
    json.dump(run(**json.load(sys.stdin)), sys.stdout)
