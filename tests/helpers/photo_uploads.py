"""Uploads of photos, and the files in the storage."""

from __future__ import annotations

from django.core.files.storage import default_storage

from photos.models import Photo
from photos.services import add_photo


def stored() -> dict[str, bytes]:
    """Return every file in the storage, by name."""
    found, folders = {}, [""]
    while folders:
        folder = folders.pop()
        try:
            inner, files = default_storage.listdir(folder)
        except FileNotFoundError:
            continue
        folders += [f"{folder}/{name}".lstrip("/") for name in inner]
        for name in files:
            path = f"{folder}/{name}".lstrip("/")
            with default_storage.open(path, "rb") as stream:
                found[path] = stream.read()
    return found


def add(data: bytes, now, **more) -> Photo:
    return add_photo(data=data, caption=more.pop("caption", ""), user=None, at=now, **more)


def iptc(**fields: str) -> bytes:
    """Return the IPTC block of an agency's photo in UTF-8, as in a JPEG's Photoshop segment."""
    numbers = {"caption": 120, "byline": 80, "source": 115, "rights": 116, "date": 55, "time": 60}
    rows = b"\x1c\x01\x5a\x00\x03\x1b%G"
    for name, text in fields.items():
        value = text.encode()
        rows += b"\x1c\x02" + bytes([numbers[name]]) + len(value).to_bytes(2) + value
    body = b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0" + len(rows).to_bytes(4) + rows
    return b"\xff\xed" + (len(body) + 2).to_bytes(2) + body
