"""Worker for one photo, in a process that may be killed.

`python -m photos.sandbox.photo_worker` reads its job as JSON from standard input, writes the files
into the job's folder and its result as JSON to standard output. It imports neither Django nor
impure modules of the project, so that it starts quickly and an exploited decoder finds nothing of
value.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from PIL import Image

from .. import metadata, renditions, validation
from ..exceptions import PhotoRefused
from ..file_formats import FORMATS

_QUALITY = {"JPEG": {"quality": 92}, "WEBP": {"quality": 90, "method": 2}, "PNG": {}}


def run(
    source: Path, folder: Path, focus: tuple[int, int], *, is_ours: bool, head: Path | None = None
) -> dict[str, Any]:
    """Check the photo in `source` and write its original and renditions into `folder`.

    `is_ours` states that it is a stored original, of which only the renditions are made again.
    `head` is the beginning of the file that the browser reduced to `source`, which lost its
    metadata. Returns {"error": code}, or the properties of the photo.
    """
    try:
        image, data = validation.open_photo(source.read_bytes())
        kind = image.format or ""
        validation.load(image, data)
        found = metadata.read(image)
        if head is not None:
            found = metadata.read_head(head.read_bytes()) or found
        picture = validation.decode(image)
    except PhotoRefused as refused:
        return {"error": refused.code}
    extension = FORMATS[kind]
    if not is_ours:
        _write_original(picture, kind, folder / f"original.{extension}")
    whole, crops = renditions.make(picture, folder, focus)
    return {
        "extension": extension,
        "size": picture.size,
        "widths": whole,
        "crops": crops,
        "fingerprint": renditions.fingerprint(picture),
        "found": found.as_json(),
    }


def _write_original(picture: Image.Image, kind: str, path: Path) -> None:
    """Write the original re-encoded, without metadata."""
    stored = "JPEG" if kind == "HEIF" else kind
    picture.info.clear()
    picture.save(path, stored, **_QUALITY[stored])


def parse_job(job: dict[str, Any]) -> dict[str, Any]:
    """Convert a job from JSON to the arguments of `run`."""
    return {
        "source": Path(job["source"]),
        "folder": Path(job["folder"]),
        "focus": tuple(job["focus"]),
        "is_ours": job["is_ours"],
        "head": Path(job["head"]) if job["head"] else None,
    }


if __name__ == "__main__":
    json.dump(run(**parse_job(json.load(sys.stdin))), sys.stdout)
