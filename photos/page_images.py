"""The picture of a newspaper page in the storage: check it, make its widths, keep its PDF."""

from __future__ import annotations

import hashlib
import secrets
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ValidationError

from . import folders, process
from .checking import MAX_BYTES, Refused
from .services import Busy
from .words import PAGE_REFUSALS


@dataclass(frozen=True, slots=True)
class PageFiles:
    """What was stored of a page: its folder, size and widths in pixels, whether it has its PDF.

    `pages` is how many pages the PDF had that was sent, `sha256` of the file as it was sent.
    """

    folder: str
    width: int
    height: int
    widths: list[int]
    has_pdf: bool
    pages: int
    sha256: str


def store_page(data: bytes, number: int = 1) -> PageFiles:
    """Store the picture of a page, from a picture or from page `number` of a PDF.

    The folder's name cannot be guessed. Raises ValidationError with a sentence for the person.
    """
    if len(data) > MAX_BYTES:
        raise ValidationError(PAGE_REFUSALS["too-many-bytes"])
    target, written = f"sheets/{secrets.token_hex(16)}", []  # type: tuple[str, list[str]]
    with tempfile.TemporaryDirectory(prefix="page-") as name, ExitStack() as undo:
        undo.callback(folders.delete_files, written)
        source, folder = Path(name) / "sent", Path(name) / "made"
        folder.mkdir()
        source.write_bytes(data)
        try:
            made = process.make_page(source, folder, number)
        except process.Full as full:
            raise Busy(PAGE_REFUSALS["busy"]) from full
        except Refused as refused:
            raise ValidationError(PAGE_REFUSALS[refused.code]) from refused
        folders.upload(folder, target, written)
        undo.pop_all()
    digest = hashlib.sha256(data).hexdigest()
    return PageFiles(target, *made.size, made.widths, made.pages > 0, made.pages, digest)
