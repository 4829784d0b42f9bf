"""PDF renderer that runs as `python -m press.pdf_worker`, in a process that may be killed.

Imports neither Django nor any impure module of the project. Reads only the files that it is given:
a URL in a text is never fetched. Every page is cleaned (`photos.pdf_cleaning`), including those
rendered here, because a story's text may link to anything.
"""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

#: Prefix of the name of a given file in a page's HTML.
SCHEME = "newsroom:"


def run(parts: list[dict[str, str]], files: dict[str, str], out: str) -> dict[str, Any]:
    """Write one PDF of `parts` to the file `out`.

    A part is {"html": text}, which is rendered, or {"file": path}, which is copied. `files` maps
    the names used in the HTML to paths. Returns {"pages": count}, or {"error": code}: "no-library"
    if WeasyPrint or a library it needs is missing, "unclean" if a copied file cannot be cleaned.
    """
    # Imported late: the web process reads SCHEME here and does not need the library.
    from photos.pdf_cleaning import CleanPdf, Unclean

    whole = CleanPdf()
    try:
        for part in parts:
            whole.add(_bytes_of(part, files))
    except (ImportError, OSError) as error:
        return {"error": "no-library", "what": str(error)[:300]}
    except Unclean as error:
        return {"error": "unclean", "what": error.code}
    whole.save(out)
    return {"pages": len(whole)}


def _bytes_of(part: dict[str, str], files: dict[str, str]) -> bytes:
    if "file" in part:
        return Path(part["file"]).read_bytes()
    return _set(part["html"], files)


def _set(source: str, files: dict[str, str]) -> bytes:
    from weasyprint import HTML
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class GivenFilesFetcher(URLFetcher):
        """Fetches the given files and nothing else."""

        def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
            """Return a given file. Raises ValueError for any other URL."""
            name = url.removeprefix(SCHEME)
            if name == url or name not in files:
                raise ValueError("not a given file")
            return URLFetcherResponse(url, Path(files[name]).read_bytes())

    out = io.BytesIO()
    page = HTML(string=source, base_url=SCHEME, url_fetcher=GivenFilesFetcher())
    page.write_pdf(out, font_config=FontConfiguration())
    return out.getvalue()


if __name__ == "__main__":
    json.dump(run(**json.load(sys.stdin)), sys.stdout)
