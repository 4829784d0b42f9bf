"""Issues and pages as PDF (WeasyPrint): made from what readers see, kept, and never out of date.

A PDF is made when somebody asks for it first, in a process of its own, and kept under a name that
says everything that it shows: what is withdrawn or corrected gives another name, and the old file
is asked for no more.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import tempfile
import threading
from collections.abc import Sequence
from ctypes.util import find_library
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.core.files import File
from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from django.utils import translation

from paper.querysets import the_paper
from photos import folders
from photos.limits import Limits, run_apart
from photos.renditions import jpeg_width
from textkit.dates import dateline

from . import layout, pdf_worker
from .fonts import BUNDLED
from .models import Edition, EditionPage, Story, StoryPhoto
from .page_images import shown_of
from .sheet import shapes

#: Counts the changes of how pages are set: an old file is not what would be made now.
_FORM = 2
#: A page with fewer characters is set in larger type; a photo takes the room of so many.
_SPARSE, _PHOTO = 2400, 250
#: What one PDF may take.
LIMITS = Limits(cpu=90, wall=120, memory=2_000_000_000)
_ROOM = threading.BoundedSemaphore(1)
#: The libraries that WeasyPrint stands on, as the loader knows them, and as Debian calls them.
_LIBRARIES = ("pango-1.0", "pangoft2-1.0", "harfbuzz-subset")
PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"


class Busy(Exception):
    """Another PDF is being made; this one in a few seconds."""


class NotMade(Exception):
    """The PDF cannot be made here: a library is missing, or it took too much."""


@cache
def is_possible() -> bool:
    """Return whether the libraries are there with which pages are set as PDF."""
    return all(find_library(name) for name in _LIBRARIES)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page with what stands on it; `own` is the file of its own PDF, "" where it is set."""

    page: EditionPage
    stories: Sequence[Story]
    continued: Sequence[Story]
    own: str

    @property
    def is_sparse(self) -> bool:
        """Return whether so little stands on it that it is set in larger type."""
        photos = sum(len(story.photo_list) for story in self.stories)
        return sum(story.chars for story in self.stories) + photos * _PHOTO < _SPARSE


def issue_pdf(edition: Edition, *, at: dt.datetime) -> str:
    """Return the name in the storage of the PDF of an issue as it is seen at `at`.

    Raises Busy, NotMade.
    """
    return _kept("issue", edition, _leaves(edition, at))


def page_pdf(edition: Edition, number: int, *, at: dt.datetime) -> str | None:
    """Return the name of the PDF of a page, None where there is no such page.

    Where the page came as a PDF, that one. Raises Busy, NotMade.
    """
    leaf = next((one for one in _leaves(edition, at) if one.page.number == number), None)
    if leaf is None:
        return None
    return leaf.own or _kept(f"page-{number}", edition, [leaf])


def _leaves(edition: Edition, at: dt.datetime) -> list[Leaf]:
    """Return the pages of an issue with the stories that readers see at `at`; three queries."""
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
        Leaf(
            page,
            [story for story in stories if story.page_id == page.pk],
            [story for story in stories if story.continued_on_id == page.pk],
            f"{page.image['folder']}/page.pdf"
            if page.pk in pictured and page.image.get("has_pdf")
            else "",
        )
        for page in pages
    ]


def _kept(what: str, edition: Edition, leaves: Sequence[Leaf]) -> str:
    """Return the name of a PDF, made now where there is none that shows just this."""
    folder = f"pdf/{edition.pk}"
    name = f"{folder}/{what}-{_mark(edition, leaves)}.pdf"
    if default_storage.exists(name):
        return name
    if not _ROOM.acquire(blocking=False):
        raise Busy
    try:
        with tempfile.TemporaryDirectory(prefix="pdf-") as scratch:
            made = _make(edition, leaves, Path(scratch))
            old = [one for one in folders.files_in(folder) if one.startswith(f"{folder}/{what}-")]
            stored = _store(made, name)
            folders.delete_files([one for one in old if one != stored])
    finally:
        _ROOM.release()
    return stored


def _store(made: Path, name: str) -> str:
    try:
        with made.open("rb") as stream:
            return default_storage.save(name, File(stream))
    except OSError as error:
        # A process for readers alone may have nowhere to write.
        raise NotMade("no-store") from error


def _mark(edition: Edition, leaves: Sequence[Leaf]) -> str:
    """Return a hash of everything that the PDF shows."""
    paper = the_paper()
    says: list[object] = [_FORM, edition.number, edition.special, paper.name, paper.cn_number]
    for leaf in leaves:
        says.append([leaf.page.number, leaf.page.name, leaf.own])
        says += [
            [one.pk, one.sha256, str(one.corrected_at), one.photo_list, one.continued_on_id]
            for one in leaf.stories
        ]
        says += [[one.pk, one.sha256, str(one.corrected_at)] for one in leaf.continued]
    text = json.dumps(says, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _make(edition: Edition, leaves: Sequence[Leaf], scratch: Path) -> Path:
    """Make the PDF of pages in the folder `scratch`, those that came as PDF as they are."""
    files = {"font": str(BUNDLED)}
    parts: list[dict[str, str]] = []
    run: list[Leaf] = []
    for leaf in leaves:
        if leaf.own:
            parts += _set(edition, run, files, scratch)
            run = []
            parts.append({"file": str(_fetched(leaf.own, scratch / f"{leaf.page.number}.pdf"))})
        else:
            run.append(leaf)
    parts += _set(edition, run, files, scratch)
    out = scratch / "made.pdf"
    job = {"parts": parts, "files": files, "out": str(out)}
    result = run_apart("press.pdf_worker", job, LIMITS)
    if "error" in result:
        raise NotMade(result["error"])
    return out


def _set(
    edition: Edition, leaves: Sequence[Leaf], files: dict[str, str], scratch: Path
) -> list[dict[str, str]]:
    """Return the HTML of pages that are set from their stories, their photos among `files`."""
    if not leaves:
        return []
    _hand_photos([story for leaf in leaves for story in leaf.stories], files, scratch)
    with translation.override("zh-hans"):
        context = {
            "paper": the_paper(),
            "edition": edition,
            "day": dateline(edition.date),
            "leaves": [(leaf, _levels(leaf)) for leaf in leaves],
            "scheme": pdf_worker.SCHEME,
        }
        return [{"html": render_to_string("press/pdf.html", context)}]


def _levels(leaf: Leaf) -> list[tuple[Story, int]]:
    """Return the stories of a page with the level of their headlines."""
    found = {
        block.story: int(block.level)
        for row in layout.lay_out(shapes(leaf.page, leaf.stories))
        for cell in row.cells
        for block in cell.blocks
    }
    usual = int(layout.Level.MINOR)
    return [(story, found.get(place, usual)) for place, story in enumerate(leaf.stories)]


def _hand_photos(stories: Sequence[Story], files: dict[str, str], scratch: Path) -> None:
    """Fetch the photos of stories; each goes by the address that its story has for it."""
    held = StoryPhoto.objects.filter(story__in=stories)
    kept = {print_.get_absolute_url(): print_.folder for print_ in held}
    for story in stories:
        for row in story.photo_list:
            if row["url"] in kept:
                name = f"{kept[row['url']]}/w{jpeg_width(row['widths'])}.jpg"
                path = scratch / f"photo-{len(files)}.jpg"
                files[row["url"]] = str(_fetched(name, path))


def _fetched(name: str, path: Path) -> Path:
    """Bring a file of the storage to the disk; one that is not there is left out."""
    try:
        with default_storage.open(name, "rb") as stream:
            path.write_bytes(stream.read())
    except FileNotFoundError:
        path.write_bytes(b"")
    return path
