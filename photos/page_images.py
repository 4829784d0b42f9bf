"""Storage of page images: check the file, create its renditions, clean its PDF."""

from __future__ import annotations

import hashlib
import secrets
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from . import storage
from .error_messages import PAGE_REFUSALS
from .exceptions import PhotoRefused
from .pdf_grammar import FORM
from .sandbox import client
from .sandbox.limits import WorkerStopped
from .services import UploadInterrupted, UploadLimit
from .validation import MAX_BYTES


@dataclass(frozen=True, slots=True)
class PageFiles:
    """The stored files of a page: folder, size and widths in pixels, whether it has a PDF.

    `pages` is the number of pages of the uploaded PDF, `sha256` the hash of the uploaded file;
    `pdf_form` is the version of the rules by which its PDF was cleaned, 0 without a PDF.
    """

    folder: str
    width: int
    height: int
    widths: list[int]
    has_pdf: bool
    pages: int
    sha256: str

    @property
    def pdf_form(self) -> int:
        """Return the version of the cleaning rules of the PDF, 0 if there is none."""
        return FORM if self.has_pdf else 0


def file_names(widths: Sequence[int], has_pdf: bool) -> list[str]:
    """Return the names of the files in the folder of a page."""
    return [f"w{width}.webp" for width in widths] + (["page.pdf"] if has_pdf else [])


def store_page(data: bytes, number: int = 1) -> PageFiles:
    """Store the image of a page, from an image file or from page `number` of a PDF.

    The folder's name is unguessable. Raises ValidationError with a message for the user.
    """
    if len(data) > MAX_BYTES:
        raise ValidationError(PAGE_REFUSALS["too-many-bytes"])
    target, written = f"sheets/{secrets.token_hex(16)}", []  # type: tuple[str, list[str]]
    with tempfile.TemporaryDirectory(prefix="page-") as name, ExitStack() as undo:
        undo.callback(storage.delete_files, written)
        source, folder = Path(name) / "sent", Path(name) / "made"
        folder.mkdir()
        source.write_bytes(data)
        try:
            made = client.make_page_images(source, folder, number)
        except client.SandboxBusy as full:
            raise UploadLimit(PAGE_REFUSALS["busy"]) from full
        except WorkerStopped as stopped:
            raise UploadInterrupted(PAGE_REFUSALS["stopped"]) from stopped
        except PhotoRefused as refused:
            raise ValidationError(PAGE_REFUSALS[refused.code]) from refused
        storage.upload(folder, target, written)
        undo.pop_all()
    digest = hashlib.sha256(data).hexdigest()
    return PageFiles(target, *made.size, made.widths, made.pages > 0, made.pages, digest)


def store_original(data: bytes) -> str:
    """Store an uploaded PDF unchanged, for the desk only, and return its name.

    It is stored apart from its renditions: no public URL leads to its folder.
    """
    name = f"page_originals/{secrets.token_hex(16)}.pdf"
    stored: str = default_storage.save(name, ContentFile(data))
    return stored
