"""What the camera or an agency wrote into a photo: caption, by-line, date, copyright; pure.

Read into the form once; nothing of it is stored in the pictures that we make. Fields by the IPTC
Information Interchange Model 4 and Exif 2.3.
"""

from __future__ import annotations

import datetime as dt
import io
import struct
from dataclasses import asdict, dataclass

from PIL import ExifTags, Image, ImageFile, IptcImagePlugin

_MOST = 300
#: The years that a photo may be of: the first one was taken in 1826.
_YEARS = range(1826, 2200)
_BROKEN = (OSError, SyntaxError, ValueError, KeyError, IndexError, TypeError, struct.error)


@dataclass(frozen=True, slots=True)
class Found:
    """What a photo says of itself; `taken_at` is its camera's clock as YYYY-MM-DDTHH:MM:SS."""

    caption: str = ""
    byline: str = ""
    rights: str = ""
    source: str = ""
    taken_at: str = ""

    def as_json(self) -> dict[str, str]:
        """Return the fields as plain JSON values."""
        return asdict(self)


def read(image: ImageFile.ImageFile) -> Found:
    """Return what stands in IPTC, else in Exif; a broken field is as good as none."""
    iptc, exif = _iptc(image), _exif(image)
    return Found(**{name: (iptc.get(name) or exif.get(name, ""))[:_MOST] for name in _NAMES})


def read_head(data: bytes) -> Found | None:
    """Return what the beginning of a file says, None where it is no beginning of a photo."""
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
        # Pillow reads Exif text as Latin-1, whatever it is.
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
    """Return one of Windows' fields, UTF-16 in bytes."""
    if isinstance(value, tuple) and all(isinstance(part, int) for part in value):
        value = bytes(part & 255 for part in value)
    return _clean(value.decode("utf-16-le", errors="ignore")) if isinstance(value, bytes) else ""


def _clean(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _moment(day: str, time: str) -> str:
    """Return the camera's clock in ISO 8601; a day that no photo can be of is as good as none."""
    try:
        moment = dt.datetime.strptime(day + (time[:6] or "000000"), "%Y%m%d%H%M%S")
    except ValueError:
        return ""
    return moment.isoformat() if moment.year in _YEARS else ""
