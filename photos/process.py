"""Start the worker for one photo, within bounds of time and memory, and read its result."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from . import checking, page_worker, worker
from .limits import Limits, run_apart

#: What one photo may take.
LIMITS = Limits(cpu=20, wall=40, memory=1_500_000_000)
#: So many photos are worked on at once in this process: half of its threads stay for readers, and
#: more would take more memory than a small server has.
AT_ONCE = max(1, min(2, settings.SERVER_THREADS // 2))
_ROOM = threading.BoundedSemaphore(AT_ONCE)


class Full(Exception):
    """As many photos are being worked on as there is room for."""


@dataclass(frozen=True, slots=True)
class Made:
    """What the worker made: its files lie in the job's folder."""

    extension: str
    size: tuple[int, int]
    widths: list[int]
    crops: list[int]
    fingerprint: int
    found: dict[str, str]


def make(
    source: Path,
    folder: Path,
    focus: tuple[int, int] = (50, 50),
    *,
    is_ours: bool = False,
    head: Path | None = None,
) -> Made:
    """Check the photo in the file `source` and write what is stored of it into `folder`.

    `focus` is in percent; `is_ours` makes the renditions of a stored original alone; `head` is the
    beginning of the file as it was before a browser made it smaller. Raises `Full` at once where
    there is no room for one more, and `checking.Refused`, with "too-much-work" for what
    takes too long or too much memory.
    """
    job = {
        "source": str(source),
        "folder": str(folder),
        "focus": focus,
        "is_ours": is_ours,
        "head": str(head) if head else "",
    }
    result = _done(worker, job)
    return Made(**{**result, "size": tuple(result["size"])})


@dataclass(frozen=True, slots=True)
class MadePage:
    """What was made of a page's picture or PDF: size, widths, pages in the PDF (0: a picture)."""

    size: tuple[int, int]
    widths: list[int]
    pages: int


def make_page(source: Path, folder: Path, number: int = 1) -> MadePage:
    """Check the picture or PDF of a page and write its widths, and its PDF, into `folder`.

    Of a PDF page `number` is taken, from 1. Raises as `make` does.
    """
    job = {"source": str(source), "folder": str(folder), "number": number}
    result = _done(page_worker, job)
    return MadePage(**{**result, "size": tuple(result["size"])})


def _done(work: Any, job: dict[str, Any]) -> dict[str, Any]:
    """Return what a worker made of its job. Raises Full, Refused."""
    with room():
        result = (
            run_apart(work.__name__, job, LIMITS)
            if settings.PHOTO_WORKER
            else work.run(**work.parsed(job))
        )
    if "error" in result:
        raise checking.Refused(result["error"])
    return dict(result)


@contextmanager
def room() -> Iterator[None]:
    """Take the room of one photo. Raises Full: a thread that waited would be lost to readers."""
    if not _ROOM.acquire(blocking=False):
        raise Full
    try:
        yield
    finally:
        _ROOM.release()
