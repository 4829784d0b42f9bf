"""Metadata embedded in a photo: caption, by-line, date, copyright; pure.

It fills the form once and is not stored in the renditions. The fields follow the IPTC Information
Interchange Model 4 and Exif 2.3.
"""

from __future__ import annotations

import datetime as dt
import io
import struct
from dataclasses import asdict, dataclass

from PIL import ExifTags, Image, ImageFile, IptcImagePlugin

_MOST = 300
#: Plausible years of a photo: the first one was taken in 1826.
_YEARS = range(1826, 2200)
_BROKEN = (OSError, SyntaxError, ValueError, KeyError, IndexError, TypeError, struct.error)


@dataclass(frozen=True, slots=True)
class PhotoMetadata:
    """Metadata of a photo; `taken_at` is the camera's local time as YYYY-MM-DDTHH:MM:SS."""

    caption: str = ""
    byline: str = ""
    rights: str = ""
    source: str = ""
    taken_at: str = ""

    def as_json(self) -> dict[str, str]:
        """Return the fields as plain JSON values."""
        return asdict(self)


def read(image: ImageFile.ImageFile) -> PhotoMetadata:
    """Return the metadata from IPTC, else from Exif; a broken field counts as empty."""
    iptc, exif = _iptc(image), _exif(image)
    return PhotoMetadata(
        **{name: (iptc.get(name) or exif.get(name, ""))[:_MOST] for name in _NAMES}
    )


def read_head(data: bytes) -> PhotoMetadata | None:
    """Return the metadata at the beginning of a file, or None if it does not begin a photo."""
    try:
        with Image.open(io.BytesIO(data), formats=["JPEG", "PNG", "WEBP", "HEIF"]) as image:
            return read(image)
    except (*_BROKEN, EOFError, Image.DecompressionBombError):
        return None


_NAMES = ("caption", "byline", "rights", "source", "taken_at")


def _iptc(image: ImageFile.ImageFile) -> dict[str, str]:
    try:
        rows = IptcImagePlugin.getiptcinfo(image) or {}
    except _BROKEN:
        return {}

    def text(number: int) -> str:
        value = rows.get((2, number), b"")
        parts = value if isinstance(value, list) else [value]
        return " ".join(filter(None, map(_text, parts)))

    return {
        "caption": text(120),
        "byline": text(80),
        "rights": text(116),
        "source": text(115) or text(110),
        "taken_at": _moment(text(55), text(60)),
    }


def _exif(image: ImageFile.ImageFile) -> dict[str, str]:
    try:
        exif = image.getexif()
        inner = exif.get_ifd(ExifTags.IFD.Exif)
    except _BROKEN:
        return {}
    taken = str(inner.get(ExifTags.Base.DateTimeOriginal) or "")
    return {
        "caption": _wide(exif.get(0x9C9B)) or _text(exif.get(ExifTags.Base.ImageDescription)),
        "byline": _wide(exif.get(0x9C9D)) or _text(exif.get(ExifTags.Base.Artist)),
        "rights": _text(exif.get(ExifTags.Base.Copyright)),
        "taken_at": _moment(taken[:10].replace(":", ""), taken[11:19].replace(":", "")),
    }


def _text(value: object) -> str:
    """Return a field as one clean line; bytes are UTF-8, else GB 18030 as Chinese tools write."""
    if isinstance(value, str):
        # Pillow decodes Exif text as Latin-1, whatever its encoding.
        try:
            value = value.encode("latin-1")
        except UnicodeEncodeError:
            return _clean(str(value))
    if not isinstance(value, bytes):
        return ""
    try:
        return _clean(value.decode("utf-8"))
    except UnicodeDecodeError:
        return _clean(value.decode("gb18030", errors="ignore"))


def _wide(value: object) -> str:
    """Return one of Windows' fields, which hold UTF-16 bytes."""
    if isinstance(value, tuple) and all(isinstance(part, int) for part in value):
        value = bytes(part & 255 for part in value)
    return _clean(value.decode("utf-16-le", errors="ignore")) if isinstance(value, bytes) else ""


def _clean(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _moment(day: str, time: str) -> str:
    """Return the camera's time in ISO 8601, or "" if it is invalid or implausible."""
    try:
        moment = dt.datetime.strptime(day + (time[:6] or "000000"), "%Y%m%d%H%M%S")
    except ValueError:
        return ""
    return moment.isoformat() if moment.year in _YEARS else ""
