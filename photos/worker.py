"""One photo from start to end, in a process that may be killed: `python -m photos.worker`.

Takes its job as JSON on standard input, writes the files into the job's folder and its result as
JSON to standard output. Imports neither Django nor the project, so that it starts quickly and a
file that leads a decoder astray meets nothing worth having.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from PIL import Image

from . import checking, metadata, renditions

_QUALITY = {"JPEG": {"quality": 92}, "WEBP": {"quality": 90, "method": 2}, "PNG": {}}


def run(
    source: Path, folder: Path, focus: tuple[int, int], *, is_ours: bool, head: Path | None = None
) -> dict[str, Any]:
    """Check the photo in `source` and make what is stored of it, into `folder`.

    `is_ours` says that it is an original of ours, whose renditions alone are made again. `head` is
    the beginning of the file that a browser made `source` of: what it says of itself is lost there.
    Returns {"error": code}, or what is known of the photo.
    """
    try:
        data = source.read_bytes()
        image = checking.opened(data)
        kind = image.format or ""
        checking.load_whole(image, data)
        found = metadata.read(image)
        if head is not None:
            found = metadata.read_head(head.read_bytes()) or found
        picture = checking.decoded(image)
    except checking.Refused as refused:
        return {"error": refused.code}
    extension = checking.KINDS[kind]
    if not is_ours:
        _keep(picture, kind, folder / f"original.{extension}")
    whole, crops = renditions.make(picture, folder, focus)
    return {
        "extension": extension,
        "size": picture.size,
        "widths": whole,
        "crops": crops,
        "fingerprint": renditions.fingerprint(picture),
        "found": found.as_json(),
    }


def _keep(picture: Image.Image, kind: str, path: Path) -> None:
    """Write the original anew, with nothing but its pixels."""
    stored = "JPEG" if kind == "HEIF" else kind
    picture.info.clear()
    picture.save(path, stored, **_QUALITY[stored])


def parsed(job: dict[str, Any]) -> dict[str, Any]:
    """Return a job as it is sent as the arguments of `run`."""
    return {
        "source": Path(job["source"]),
        "folder": Path(job["folder"]),
        "focus": tuple(job["focus"]),
        "is_ours": job["is_ours"],
        "head": Path(job["head"]) if job["head"] else None,
    }


if __name__ == "__main__":
    json.dump(run(**parsed(json.load(sys.stdin))), sys.stdout)
