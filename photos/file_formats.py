"""File formats of photos: what a file begins as, and where its first picture ends; pure.

Phones write more than one picture into a file: a gain map (Ultra HDR), a second view (MPO), a short
video (motion photo), or data of the camera's maker. Only the bytes of the first picture go on to a
decoder. What follows them is neither decoded nor stored.
"""

from __future__ import annotations

import re
import zlib

from .exceptions import PhotoRefused

#: Pillow's names of the accepted formats, with the extension of the stored original.
FORMATS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "HEIF": "jpg"}
#: Signatures of other files that users upload as photos, with the code of the refusal.
_OTHERS = (
    (b"GIF8", "gif"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"%PDF", "pdf"),
    (b"%!PS", "eps"),
    (b"\xc5\xd0\xd3\xc6", "eps"),
    (b"BM", "bmp"),
)
_HEIC = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"hevc", b"hevx"})
_MARKER = re.compile(rb"\xff([^\x00\xff\xd0-\xd7])")
_START, _END, _SCAN = 0xD8, 0xD9, 0xDA
#: Markers that may follow the first scan of a JPEG. Any other one belongs to another file: the
#: picture before it has no end.
_BETWEEN_SCANS = frozenset({0xC4, 0xDA, 0xDB, 0xDC, 0xDD, 0xFE, *range(0xE0, 0xF0)})
#: Bytes that cameras add after the end of a file to fill a block.
_PADDING = b"\0\xff\r\n\t "


def first_picture(data: bytes) -> tuple[str, bytes]:
    """Return the format of `data`, as Pillow names it, and the bytes of its first picture.

    Raises PhotoRefused for another format, an animation, and a picture without its end.
    """
    kind = _kind(data)
    return kind, data[: _ENDS[kind](data)]


def _kind(data: bytes) -> str:
    """Return Pillow's name of the format that `data` begins as. Raises PhotoRefused."""
    if data[:3] == b"\xff\xd8\xff":
        return "JPEG"
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        return "PNG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp":
        if data[8:12] in _HEIC:
            return "HEIF"
        raise PhotoRefused("video" if data[8:12] != b"avif" else "other")
    for start, name in _OTHERS:
        if data.startswith(start):
            raise PhotoRefused(name)
    if not data:
        raise PhotoRefused("empty")
    raise PhotoRefused("svg" if b"<svg" in data[:4096].lower() else "other")


def _end_of_jpeg(data: bytes) -> int:
    """Return where the first picture ends, by walking through its segments and scans."""
    at, is_in_scan = 2, False
    while found := _MARKER.search(data, at):
        marker, at = found[1][0], found.end()
        if marker == _END:
            return at
        if marker == _START or (is_in_scan and marker not in _BETWEEN_SCANS):
            break
        if marker != 0x01:
            at += int.from_bytes(data[at : at + 2])
        is_in_scan = is_in_scan or marker == _SCAN
    raise PhotoRefused("cut-off")


def _end_of_png(data: bytes) -> int:
    at = 8
    while at + 12 <= len(data):
        name, start = data[at + 4 : at + 8], at + 4
        at += 12 + int.from_bytes(data[at : at + 4])
        # Pillow does not verify the checksum of the picture data.
        if name == b"IDAT" and zlib.crc32(data[start : at - 4]) != int.from_bytes(
            data[at - 4 : at]
        ):
            raise PhotoRefused("damaged" if at <= len(data) else "cut-off")
        if name == b"acTL":
            raise PhotoRefused("moving")
        if name == b"IEND":
            return _must_end(data, at)
    raise PhotoRefused("cut-off")


def _end_of_webp(data: bytes) -> int:
    if data[12:16] == b"VP8X" and data[20:21] and data[20] & 2:
        raise PhotoRefused("moving")
    return _must_end(data, int.from_bytes(data[4:8], "little") + 8)


def _end_of_heif(data: bytes) -> int:
    """Return the end of the last box: its pictures lie anywhere, so the file is one whole."""
    at = 0
    while at + 8 <= len(data):
        size = int.from_bytes(data[at : at + 4])
        if size == 1:
            size = int.from_bytes(data[at + 8 : at + 16])
        at += size or len(data) - at
        if 0 < size < 8:
            raise PhotoRefused("damaged")
    _must_end(data, at)
    if data[at:].strip(_PADDING):
        raise PhotoRefused("tail")
    return at


def _must_end(data: bytes, at: int) -> int:
    """Return `at`. Raises PhotoRefused if the file ends before it."""
    if at > len(data):
        raise PhotoRefused("cut-off")
    return at


_ENDS = {"JPEG": _end_of_jpeg, "PNG": _end_of_png, "WEBP": _end_of_webp, "HEIF": _end_of_heif}
