"""PDFs of issues and pages, rendered by WeasyPrint from public content and cached.

A PDF is rendered on first request, in a separate process, and stored under a name that contains a
hash of everything it shows. A withdrawal or correction therefore leads to another name, and the old
file is never served again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import tempfile
import threading
from collections.abc import Sequence
from ctypes.util import find_library
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from django.core.files import File
from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from django.utils import translation

from paper.querysets import get_paper
from photos import pdf_grammar, storage
from photos.renditions import jpeg_width
from photos.sandbox.limits import Limits, WorkerStopped, run_limited
from textkit.dates import dateline

from . import layout_engine, pdf_worker
from .fonts import BUNDLED
from .models import Edition, EditionPage, Story, StoryPhoto
from .page_images import shown_of
from .page_layout import shapes

#: Version of the PDF layout; increase it to invalidate stored files.
_LAYOUT_VERSION = 3
#: A page with fewer characters is set in larger type; a photo counts as this many characters.
_SPARSE, _PHOTO = 2400, 250
#: Resource limits of one PDF.
LIMITS = Limits(cpu=90, wall=120, memory=2_000_000_000)
_SLOT = threading.BoundedSemaphore(1)
#: Libraries that WeasyPrint requires, by the loader's names and as Debian packages.
_LIBRARIES = ("pango-1.0", "pangoft2-1.0", "harfbuzz-subset")
PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"


class Busy(Exception):
    """Another PDF is being rendered, or rendering was stopped; try again in a few seconds."""


class PdfFailed(Exception):
    """The PDF cannot be made: a library is missing or a limit was exceeded."""


@cache
def is_possible() -> bool:
    """Return whether the libraries that render PDFs are installed."""
    return all(find_library(name) for name in _LIBRARIES)


@dataclass(frozen=True, slots=True)
class PdfPage:
    """A page with its stories; `own` names its own PDF file, or is "" if the page is typeset.

    `is_clean` states that this file can be served as it is; otherwise it is cleaned first.
    """

    page: EditionPage
    stories: Sequence[Story]
    continued: Sequence[Story]
    own: str
    is_clean: bool = False

    @property
    def is_sparse(self) -> bool:
        """Return whether the page has so little text that it is set in larger type."""
        photos = sum(len(story.photo_list) for story in self.stories)
        return sum(story.chars for story in self.stories) + photos * _PHOTO < _SPARSE


def issue_pdf(edition: Edition, *, at: dt.datetime) -> str:
    """Return the storage name of the PDF of an issue as visible at `at`.

    Raises Busy, PdfFailed.
    """
    return _cached("issue", edition, _pdf_pages(edition, at))


def page_pdf(edition: Edition, number: int, *, at: dt.datetime) -> str | None:
    """Return the storage name of the PDF of a page, or None if there is no such page.

    A page that was uploaded as a PDF returns that file. Raises Busy, PdfFailed.
    """
    leaf = next((one for one in _pdf_pages(edition, at) if one.page.number == number), None)
    if leaf is None:
        return None
    if leaf.own and leaf.is_clean:
        return leaf.own
    return _cached(f"page-{number}", edition, [leaf])


def _pdf_pages(edition: Edition, at: dt.datetime) -> list[PdfPage]:
    """Return the pages of an issue with the stories visible at `at`; three queries."""
    pages = list(edition.pages.with_hidden(at))
    shown = Story.objects.visible(at).filter(page__in=pages).order_by("position", "id")
    stories = list(shown)
    by_id = {page.pk: page for page in pages}
    for story in stories:
        story.page = by_id[story.page_id]  # type: ignore[index]
        over = by_id.get(story.continued_on_id or 0)
        if over is not None:
            story.continued_on = over
    pictured = shown_of(pages, {story.pk for story in stories}, at)
    return [
        PdfPage(
            page,
            [story for story in stories if story.page_id == page.pk],
            [story for story in stories if story.continued_on_id == page.pk],
            f"{page.image['folder']}/page.pdf"
            if page.pk in pictured and page.image.get("has_pdf")
            else "",
            page.image.get("pdf_form") == pdf_grammar.FORM,
        )
        for page in pages
    ]


def _cached(what: str, edition: Edition, leaves: Sequence[PdfPage]) -> str:
    """Return the name of the PDF, rendering it if no stored file shows this content."""
    folder = f"pdf/{edition.pk}"
    name = f"{folder}/{what}-{_content_hash(edition, leaves)}.pdf"
    if default_storage.exists(name):
        return name
    if not _SLOT.acquire(blocking=False):
        raise Busy
    try:
        with tempfile.TemporaryDirectory(prefix="pdf-") as scratch:
            made = _make(edition, leaves, Path(scratch))
            old = [one for one in storage.files_in(folder) if one.startswith(f"{folder}/{what}-")]
            stored = _store(made, name)
            storage.delete_files([one for one in old if one != stored])
    finally:
        _SLOT.release()
    return stored


def _store(made: Path, name: str) -> str:
    try:
        with made.open("rb") as stream:
            return default_storage.save(name, File(stream))
    except OSError as error:
        # A process of the reader surface may have no writable storage.
        raise PdfFailed("no-store") from error


def _content_hash(edition: Edition, leaves: Sequence[PdfPage]) -> str:
    """Return a hash of everything that the PDF shows."""
    paper = get_paper()
    shown: list[object] = [_LAYOUT_VERSION, pdf_grammar.FORM, edition.number, edition.special]
    shown += [paper.name, paper.cn_number]
    for leaf in leaves:
        shown.append([leaf.page.number, leaf.page.name, leaf.own])
        shown += [
            [one.pk, one.sha256, str(one.corrected_at), one.photo_list, one.continued_on_id]
            for one in leaf.stories
        ]
        shown += [[one.pk, one.sha256, str(one.corrected_at)] for one in leaf.continued]
    text = json.dumps(shown, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _make(edition: Edition, leaves: Sequence[PdfPage], scratch: Path) -> Path:
    """Render the PDF in the folder `scratch`; pages uploaded as PDF come from their files.

    If one of those files cannot be cleaned, all pages are typeset from their stories.
    """
    try:
        return _make_once(edition, leaves, scratch)
    except _Unclean:
        return _make_once(edition, [replace(leaf, own="") for leaf in leaves], scratch)


class _Unclean(PdfFailed):
    """A page that was uploaded as a PDF cannot be cleaned."""


def _make_once(edition: Edition, leaves: Sequence[PdfPage], scratch: Path) -> Path:
    files = {"font": str(BUNDLED)}
    parts: list[dict[str, str]] = []
    run: list[PdfPage] = []
    for leaf in leaves:
        if leaf.own:
            parts += _typeset(edition, run, files, scratch)
            run = []
            parts.append({"file": str(_download(leaf.own, scratch / f"{leaf.page.number}.pdf"))})
        else:
            run.append(leaf)
    parts += _typeset(edition, run, files, scratch)
    out = scratch / "made.pdf"
    job = {"parts": parts, "files": files, "out": str(out)}
    try:
        result = run_limited("press.pdf_worker", job, LIMITS)
    except WorkerStopped as stopped:
        # A rendering that did not finish in time would not finish at the next request either.
        raise Busy if stopped.is_soon else PdfFailed("too-much-work") from stopped
    if "error" in result:
        raise _Unclean if result["error"] == "unclean" else PdfFailed(result["error"])
    return out


def _typeset(
    edition: Edition, leaves: Sequence[PdfPage], files: dict[str, str], scratch: Path
) -> list[dict[str, str]]:
    """Return the HTML of pages typeset from their stories, and add their photos to `files`."""
    if not leaves:
        return []
    _collect_photos([story for leaf in leaves for story in leaf.stories], files, scratch)
    with translation.override("zh-hans"):
        context = {
            "paper": get_paper(),
            "edition": edition,
            "day": dateline(edition.date),
            "leaves": [(leaf, _levels(leaf)) for leaf in leaves],
            "scheme": pdf_worker.SCHEME,
        }
        return [{"html": render_to_string("press/pdf.html", context)}]


def _levels(leaf: PdfPage) -> list[tuple[Story, int]]:
    """Return the stories of a page with the level of their headlines."""
    found = {
        block.story: int(block.level)
        for row in layout_engine.lay_out(shapes(leaf.page, leaf.stories))
        for cell in row.cells
        for block in cell.blocks
    }
    usual = int(layout_engine.HeadlineLevel.MINOR)
    return [(story, found.get(place, usual)) for place, story in enumerate(leaf.stories)]


def _collect_photos(stories: Sequence[Story], files: dict[str, str], scratch: Path) -> None:
    """Copy the photos of stories to `scratch` and add them to `files` by their URL in the story."""
    held = StoryPhoto.objects.filter(story__in=stories)
    folders = {print_.get_absolute_url(): print_.folder for print_ in held}
    for story in stories:
        for row in story.photo_list:
            if row["url"] in folders:
                name = f"{folders[row['url']]}/w{jpeg_width(row['widths'])}.jpg"
                path = scratch / f"photo-{len(files)}.jpg"
                files[row["url"]] = str(_download(name, path))


def _download(name: str, path: Path) -> Path:
    """Copy a file of the storage to `path`; write an empty file if it is missing."""
    try:
        with default_storage.open(name, "rb") as stream:
            path.write_bytes(stream.read())
    except FileNotFoundError:
        path.write_bytes(b"")
    return path
