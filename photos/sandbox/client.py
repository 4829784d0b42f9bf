"""Client of the sandboxed workers: runs them within limits of time and memory."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from ..exceptions import PhotoRefused
from . import page_worker, photo_worker
from .limits import Limits, WorkerStopped, run_limited

#: Resource limits of one photo.
LIMITS = Limits(cpu=20, wall=40, memory=1_500_000_000)
#: Maximum number of photos processed at once in this process: half of its threads stay free for
#: readers, and more would exceed the memory of a small server.
MAX_CONCURRENT = max(1, min(2, settings.SERVER_THREADS // 2))
#: How often a job is started whose worker was stopped from outside. A photo that makes the server
#: run out of memory stops it each time.
MAX_STARTS = 2
_SLOTS = threading.BoundedSemaphore(MAX_CONCURRENT)


class SandboxBusy(Exception):
    """The maximum number of photos is being processed."""


@dataclass(frozen=True, slots=True)
class RenditionResult:
    """The worker's result; the files are in the job's folder."""

    extension: str
    size: tuple[int, int]
    widths: list[int]
    crops: list[int]
    fingerprint: int
    found: dict[str, str]


def make_renditions(
    source: Path,
    folder: Path,
    focus: tuple[int, int] = (50, 50),
    *,
    is_ours: bool = False,
    head: Path | None = None,
) -> RenditionResult:
    """Check the photo in the file `source` and write its original and renditions into `folder`.

    `focus` is in percent; `is_ours` writes only the renditions of a stored original; `head` is the
    beginning of the file before the browser reduced it. Raises SandboxBusy at once if no slot is
    free, WorkerStopped if the worker was stopped from outside each time, and PhotoRefused, with
    "too-much-work" if a limit is exceeded.
    """
    job = {
        "source": str(source),
        "folder": str(folder),
        "focus": focus,
        "is_ours": is_ours,
        "head": str(head) if head else "",
    }
    result = _run_worker(photo_worker, job)
    return RenditionResult(**{**result, "size": tuple(result["size"])})


@dataclass(frozen=True, slots=True)
class PageImageResult:
    """The result for a page image or PDF: size, widths, pages of the PDF (0: an image)."""

    size: tuple[int, int]
    widths: list[int]
    pages: int


def make_page_images(source: Path, folder: Path, number: int = 1) -> PageImageResult:
    """Check the image or PDF of a page and write its renditions, and its PDF, into `folder`.

    Of a PDF, page `number` is used, from 1. Raises as `make_renditions` does.
    """
    job = {"source": str(source), "folder": str(folder), "number": number}
    result = _run_worker(page_worker, job)
    return PageImageResult(**{**result, "size": tuple(result["size"])})


def _run_worker(work: Any, job: dict[str, Any]) -> dict[str, Any]:
    """Run a worker on a job and return its result.

    Raises SandboxBusy, WorkerStopped, PhotoRefused.
    """
    with sandbox_slot():
        result = (
            _run_process(work.__name__, job)
            if settings.PHOTO_WORKER
            else work.run(**work.parse_job(job))
        )
    if "error" in result:
        raise PhotoRefused(result["error"])
    return dict(result)


def _run_process(module: str, job: dict[str, Any]) -> dict[str, Any]:
    """Run a worker in its process, and once more if it was stopped. Raises WorkerStopped."""
    for _start in range(MAX_STARTS - 1):
        try:
            return run_limited(module, job, LIMITS)
        except WorkerStopped as stopped:
            if not stopped.is_soon:
                raise
    return run_limited(module, job, LIMITS)


@contextmanager
def sandbox_slot() -> Iterator[None]:
    """Hold one of the slots. Raises SandboxBusy: a waiting thread would not serve readers."""
    if not _SLOTS.acquire(blocking=False):
        raise SandboxBusy
    try:
        yield
    finally:
        _SLOTS.release()
