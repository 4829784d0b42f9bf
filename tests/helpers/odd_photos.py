"""Hostile, broken and unusual files that users send as photos, with the expected result of each."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from PIL import Image

from tests.helpers.paths import DATA

FRAMES = [Image.new("RGB", (60, 40), (shade, 90, 90)) for shade in (10, 90, 170)]


def photo(kind: str = "JPEG", size: tuple[int, int] = (120, 80), mode: str = "RGB", **how) -> bytes:
    out = io.BytesIO()
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    image.paste((200, 60, 40), (0, 0, size[0] // 3, size[1] // 3))
    image.convert(mode).save(out, kind, **how)
    return out.getvalue()


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("run.js", "alert(1)")
    return out.getvalue()


def chunk(name: bytes, data: bytes) -> bytes:
    body = name + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def png_with(*chunks: bytes) -> bytes:
    """Return a small PNG with chunks before its picture."""
    whole = photo("PNG")
    return whole[:33] + b"".join(chunks) + whole[33:]


def flat_png(width: int, height: int) -> bytes:
    """Return a PNG of one colour, a small file with any number of pixels."""
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    packer = zlib.compressobj(9)
    line = b"\0" * (1 + (width + 7) // 8)
    rows = b"".join(packer.compress(line) for _row in range(height)) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def frames(kind: str, images: list[Image.Image] = FRAMES) -> bytes:
    out = io.BytesIO()
    images[0].save(out, kind, save_all=True, append_images=images[1:], duration=100)
    return out.getvalue()


def other(kind: str) -> bytes:
    out = io.BytesIO()
    FRAMES[0].save(out, kind)
    return out.getvalue()


def comment(data: bytes, text: bytes) -> bytes:
    """Return the JPEG `data` with a comment after its first marker."""
    return data[:2] + b"\xff\xfe" + struct.pack(">H", len(text) + 2) + text + data[2:]


def garbled_png(*, is_summed: bool) -> bytes:
    """Return a PNG with a wrong byte in its picture, with a matching checksum or not."""
    whole = photo("PNG", size=(300, 200))
    at = whole.index(b"IDAT") + 4
    length = int.from_bytes(whole[at - 8 : at - 4])
    body = bytearray(whole[at : at + length])
    body[length // 3] ^= 0x55
    if is_summed:
        return whole[: at - 8] + chunk(b"IDAT", bytes(body)) + chunk(b"IEND", b"")
    return whole[:at] + bytes(body) + whole[at + length :]


def cut_short(part: float, **how) -> bytes:
    """Return a JPEG with an end marker, but only a part of its picture."""
    whole = photo(size=(600, 400), quality=90, **how)
    start = whole.rindex(b"\xff\xda") if part else whole.index(b"\xff\xda") + 14
    return whole[: start + int((len(whole) - start) * part)] + b"\xff\xd9"


def ultra_hdr() -> bytes:
    """Return a JPEG like those of phones for bright screens: its index lists a gain map."""
    out = io.BytesIO()
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><r hdrgm:Version="1.0"/></x:xmpmeta>'
    gain_map = Image.new("L", (30, 20), 60)
    with Image.open(io.BytesIO(photo())) as image:
        image.save(out, "MPO", save_all=True, append_images=[gain_map], xmp=xmp)
    return out.getvalue()


def half_of_two() -> bytes:
    """Return the same with half of the first scan: a decoder continues in the second picture."""
    whole = ultra_hdr()
    second = whole.rindex(b"\xff\xd8\xff")
    scan = whole.index(b"\xff\xda")
    return whole[: (scan + second) // 2] + whole[second:]


def samsung() -> bytes:
    """Return a JPEG with the trailer of a Samsung phone: blocks of data and a directory."""
    block = struct.pack("<HHI", 0, 0x0A01, 14) + b"Image_UTC_Data" + b"1790000000000"
    directory = b"SEFH" + struct.pack("<II", 106, 1)
    directory += struct.pack("<HHII", 0, 0x0A01, len(block), len(block))
    return JPEG + block + directory + struct.pack("<I", len(directory)) + b"SEFT"


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
JPEG, PNG, WEBP = photo(), photo("PNG"), photo("WEBP")
MP4 = b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2" + b"\0" * 64

#: name -> (bytes, code of the refusal).
REFUSED: dict[str, tuple[bytes, str]] = {
    "an empty file": (b"", "empty"),
    "text": ("一段文字".encode(), "other"),
    "a page": (b"<!doctype html><script>alert(1)</script>", "other"),
    "an archive": (archive(), "other"),
    "a program": (b"MZ\x90\0" + b"\0" * 200, "other"),
    "an AVIF": (other("AVIF"), "other"),
    "an ICO": (other("ICO"), "other"),
    "a GIF": (other("GIF"), "gif"),
    "a moving GIF": (frames("GIF"), "gif"),
    "a TIFF": (other("TIFF"), "tiff"),
    "a TIFF of many pages": (frames("TIFF"), "tiff"),
    "a TIFF the other way round": (b"MM\0*" + b"\0" * 60, "tiff"),
    "a BMP": (other("BMP"), "bmp"),
    "a PDF": (other("PDF"), "pdf"),
    "an EPS": (other("EPS"), "eps"),
    "an EPS in its DOS wrapper": (b"\xc5\xd0\xd3\xc6" + b"\0" * 60, "eps"),
    "an SVG": (SVG, "svg"),
    "an SVG behind a BOM": (b'\xef\xbb\xbf<?xml version="1.0"?>' + SVG, "svg"),
    "a video": (MP4, "video"),
    "half a JPEG": (JPEG[: len(JPEG) // 2], "cut-off"),
    "a JPEG without its end": (JPEG[:-2], "cut-off"),
    "the start of a JPEG": (JPEG[:4], "cut-off"),
    "half a PNG": (PNG[: len(PNG) // 2], "cut-off"),
    "a PNG without its end": (PNG[:-12], "cut-off"),
    "half a WebP": (WEBP[: len(WEBP) // 2], "cut-off"),
    "half an HEIC": ((DATA / "field.heic").read_bytes()[:300], "cut-off"),
    "an HEIC and an archive": ((DATA / "field.heic").read_bytes() + archive(), "cut-off"),
    "half a JPEG and a whole one": (JPEG[: len(JPEG) // 2] + JPEG, "cut-off"),
    "half a JPEG and a video": (JPEG[: len(JPEG) // 2] + MP4, "cut-off"),
    "half a JPEG and its gain map": (half_of_two(), "cut-off"),
    "a JPEG with half of its scan and a whole one": (cut_short(0.5) + JPEG, "cut-off"),
    "a JPEG of nothing and a whole one": (b"\xff\xd8\xff\xd9" + JPEG, "damaged"),
    "two beginnings of a JPEG": (JPEG[:2] + JPEG, "cut-off"),
    "an archive and a JPEG": (archive() + JPEG, "other"),
    "a video and a JPEG": (MP4 + JPEG, "video"),
    "a line of 60,000 pixels": (flat_png(1, 60_000), "shape"),
    "a line across": (photo(size=(60_000, 1)), "shape"),
    "a line of 51 to 1": (photo(size=(2, 102)), "shape"),
    "a moving PNG": (frames("PNG"), "moving"),
    "a moving WebP": (frames("WEBP"), "moving"),
    "a moving bomb": (frames("WEBP", [Image.new("L", (900, 900), n) for n in range(90)]), "moving"),
    "a PNG of 400 megapixels": (flat_png(20_000, 20_000), "too-many-pixels"),
    "a PNG of 51 megapixels": (flat_png(7_200, 7_100), "too-many-pixels"),
    "a JPEG that says 65500 by 65500": (
        JPEG.replace(struct.pack(">HH", 80, 120), struct.pack(">HH", 65500, 65500), 1),
        "too-many-pixels",
    ),
    "a PNG with a wrong checksum": (
        PNG.replace(PNG[29:33], b"\1\2\3\4", 1),
        "damaged",
    ),
    "a PNG with a text bomb": (
        png_with(chunk(b"zTXt", b"a\0\0" + zlib.compress(b"a" * 80_000_000, 9))),
        "damaged",
    ),
    "a PNG without a picture": (PNG[:33] + chunk(b"IEND", b""), "damaged"),
    "a PNG of garbage": (
        PNG[:33] + chunk(b"IDAT", b"garbage" * 99) + chunk(b"IEND", b""),
        "damaged",
    ),
    "a PNG with a wrong byte": (garbled_png(is_summed=False), "damaged"),
    "a PNG with a wrong byte in its sum": (garbled_png(is_summed=True), "damaged"),
    "a JPEG with half of its scan": (cut_short(0.5), "cut-off"),
    "a JPEG without the end of its scan": (cut_short(0.97), "cut-off"),
    "a JPEG with none of its scan": (cut_short(0), "cut-off"),
    "a progressive JPEG with half of its last scan": (cut_short(0.5, progressive=True), "cut-off"),
    "a JPEG of nothing": (b"\xff\xd8\xff\xd9", "damaged"),
    "over 30 MB": (JPEG + b"\0" * (30 * 1024 * 1024), "too-many-bytes"),
}


def _exif() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6  # rotated
    exif[0x010E] = "shuizha"
    exif.get_ifd(0x8825).update({1: "N", 2: (29.0, 33.0, 12.0), 3: "E", 4: (106.0, 30.0, 5.0)})
    return exif.tobytes()


def _odd_exif() -> bytes:
    """Return Exif with a rotation, and with a description that is a fraction instead of text."""
    rows = struct.pack("<HHII", 0x010E, 5, 1, 38) + struct.pack("<HHIHH", 0x0112, 3, 1, 6, 0)
    return b"Exif\0\0II*\0\x08\0\0\0\x02\0" + rows + struct.pack("<III", 0, 1, 2)


#: name -> (bytes, (width, height) of what is stored).
TAKEN: dict[str, tuple[bytes, tuple[int, int]]] = {
    "a JPEG": (JPEG, (120, 80)),
    "a PNG": (PNG, (120, 80)),
    "a WebP": (WEBP, (120, 80)),
    "an HEIC": ((DATA / "field.heic").read_bytes(), (96, 64)),
    "a JPEG on its side": (photo(exif=_exif()), (80, 120)),
    "a JPEG on its side with odd Exif": (photo(exif=_odd_exif()), (80, 120)),
    "a JPEG with restarts": (photo(size=(300, 200), restart_marker_rows=1), (300, 200)),
    "a grey JPEG": (photo(mode="L"), (120, 80)),
    "a JPEG for print": (photo(mode="CMYK"), (120, 80)),
    "a progressive JPEG": (photo(progressive=True), (120, 80)),
    "a JPEG with a padded end": (JPEG + b"\0" * 500, (120, 80)),
    "a JPEG with a program in its comment": (comment(JPEG, b"<?php evil(); ?>"), (120, 80)),
    "a JPEG with broken Exif": (photo(exif=b"Exif\0\0II*\0" + b"\xff" * 40), (120, 80)),
    "a JPEG with a broken profile": (photo(icc_profile=b"no profile" * 20), (120, 80)),
    "a PNG with holes": (photo("PNG", mode="RGBA"), (120, 80)),
    "a PNG of 256 colours": (photo("PNG", mode="P"), (120, 80)),
    "a PNG of 16 bits": (photo("PNG", mode="I;16"), (120, 80)),
    "a PNG of 2 colours": (flat_png(64, 64), (64, 64)),
    "a photo of one pixel": (photo("PNG", size=(3, 3)), (3, 3)),
    "a strip": (photo(size=(6000, 120)), (6000, 120)),
    "a tower": (photo(size=(120, 6000)), (120, 6000)),
    # Only the first picture is decoded, so what follows it is dropped.
    "an MPO": (frames("MPO"), (60, 40)),
    "a JPEG with a gain map": (ultra_hdr(), (120, 80)),
    "a JPEG with the data of a phone's maker": (samsung(), (120, 80)),
    "a motion photo": (JPEG + MP4, (120, 80)),
    "two JPEGs": (JPEG + photo(size=(90, 90)), (120, 80)),
    "a JPEG and an archive": (JPEG + archive(), (120, 80)),
    "a JPEG and a page": (JPEG + b"<script>alert(1)</script>", (120, 80)),
    "a PNG and an archive": (PNG + archive(), (120, 80)),
    "a WebP and an archive": (WEBP + archive(), (120, 80)),
}
