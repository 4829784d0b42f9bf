"""Whether bytes are a photo that we take, decided by what decodes and never by a name; pure.

Runs in a process of its own (`photos.worker`), for decoders of strangers' files may be led astray.
"""

from __future__ import annotations

import io
import re
import struct
import zlib

import pi_heif
from PIL import ExifTags, Image, ImageCms, ImageFile, UnidentifiedImageError

MAX_BYTES = 30 * 1024 * 1024
MAX_PIXELS = 50_000_000
#: What Pillow calls each kind that is taken, and the extension of what is stored of it.
KINDS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "HEIF": "jpg"}
#: How other files begin that people send as photos, and what the refusal calls them.
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
#: What cameras put behind the end of a picture to fill a block.
_PADDING = b"\0\xff\r\n\t "
#: What a scan that is whole never reads; one that is cut short takes it for a part of the picture.
_FILLER = b"\x55" * 64
#: How a picture is turned upright, by what Exif says of how the camera was held.
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SRGB = ImageCms.createProfile("sRGB")
_DAMAGED = (
    UnidentifiedImageError,
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    OverflowError,
    struct.error,
    ImageCms.PyCMSError,
)

# The pixels are counted here, frame by frame.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS * 4
ImageFile.LOAD_TRUNCATED_IMAGES = False
pi_heif.register_heif_opener(thumbnails=False)


class Refused(Exception):
    """The bytes are no photo that we take; `code` is a key of `photos.words.REFUSALS`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def opened(data: bytes) -> ImageFile.ImageFile:
    """Return the picture in `data`, not decoded yet, for its metadata. Raises Refused."""
    if len(data) > MAX_BYTES:
        raise Refused("too-many-bytes")
    kind = _kind(data)
    _ENDS[kind](data)
    try:
        image = Image.open(io.BytesIO(data), formats=[kind])
        frames = getattr(image, "n_frames", 1)
    except Image.DecompressionBombError as error:
        raise Refused("too-many-pixels") from error
    except _DAMAGED as error:
        raise Refused("damaged") from error
    if image.width * image.height * frames > MAX_PIXELS:
        raise Refused("too-many-pixels")
    if frames > 1 and kind != "HEIF":
        raise Refused("moving")
    return image


def load_whole(image: ImageFile.ImageFile, data: bytes) -> None:
    """Decode `image`, opened from `data`, to its last line. Raises Refused.

    Comes before anything else asks `image` for something: what reads the metadata of a PNG decodes
    it too, and keeps quiet about an error.
    """
    try:
        image.load()
        is_cut = image.format == "JPEG" and _is_cut_short(image, data)
    except MemoryError as error:
        raise Refused("too-much-work") from error
    except _DAMAGED as error:
        raise Refused("damaged") from error
    if is_cut:
        raise Refused("cut-off")


def _is_cut_short(image: Image.Image, data: bytes) -> bool:
    """Return whether the last scan of a JPEG ends before its picture does.

    libjpeg fills what is missing with grey and warns, which Pillow does not pass on; so the filler
    is put before the end of the file, and changes the picture only where something is missing.
    """
    filled = data.rstrip(_PADDING)[:-2] + _FILLER + b"\xff\xd9"
    with Image.open(io.BytesIO(filled), formats=["JPEG"]) as other:
        return zlib.crc32(other.tobytes()) != zlib.crc32(image.tobytes())


def decoded(image: Image.Image) -> Image.Image:
    """Return the picture of `load_whole` upright, in sRGB, on white. Raises Refused."""
    try:
        upright = _upright(image)
        return _in_srgb(_flat(upright), upright.info.get("icc_profile"))
    except Image.DecompressionBombError as error:
        raise Refused("too-many-pixels") from error
    except MemoryError as error:
        raise Refused("too-much-work") from error
    except _DAMAGED as error:
        raise Refused("damaged") from error


def _upright(image: Image.Image) -> Image.Image:
    """Turn the picture as Exif says; what else stands there may be broken."""
    try:
        turn = _TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    except _DAMAGED:
        turn = None
    return image if turn is None else image.transpose(turn)


def _kind(data: bytes) -> str:
    """Return Pillow's name of the kind that `data` begins as. Raises Refused."""
    if data[:3] == b"\xff\xd8\xff":
        return "JPEG"
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        return "PNG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp":
        if data[8:12] in _HEIC:
            return "HEIF"
        raise Refused("video" if data[8:12] != b"avif" else "other")
    for start, name in _OTHERS:
        if data.startswith(start):
            raise Refused(name)
    if not data:
        raise Refused("empty")
    raise Refused("svg" if b"<svg" in data[:4096].lower() else "other")


def _end_of_jpeg(data: bytes) -> None:
    """Walk the segments to the end of the picture; what follows it is a second file."""
    at = 2
    while found := _MARKER.search(data, at):
        marker, at = found[1][0], found.end()
        if marker == 0xD9:
            break
        if marker in {0x01, 0xD8}:
            continue
        if marker == 0xE2 and data[at + 2 : at + 6] == b"MPF\0":
            raise Refused("several")
        at += int.from_bytes(data[at : at + 2])
    else:
        raise Refused("cut-off")
    if data[at:].strip(_PADDING):
        raise Refused("tail")


def _end_of_png(data: bytes) -> None:
    at = 8
    while at + 12 <= len(data):
        name, start = data[at + 4 : at + 8], at + 4
        at += 12 + int.from_bytes(data[at : at + 4])
        # Pillow does not compare the checksum of the picture itself.
        if name == b"IDAT" and zlib.crc32(data[start : at - 4]) != int.from_bytes(
            data[at - 4 : at]
        ):
            raise Refused("damaged" if at <= len(data) else "cut-off")
        if name == b"acTL":
            raise Refused("moving")
        if name == b"IEND":
            break
    else:
        raise Refused("cut-off")
    _must_end(data, at)


def _end_of_webp(data: bytes) -> None:
    size = int.from_bytes(data[4:8], "little") + 8
    if data[12:16] == b"VP8X" and data[20:21] and data[20] & 2:
        raise Refused("moving")
    _must_end(data, size + size % 2 if len(data) > size else size)


def _end_of_heif(data: bytes) -> None:
    at = 0
    while at + 8 <= len(data):
        size = int.from_bytes(data[at : at + 4])
        if size == 1:
            size = int.from_bytes(data[at + 8 : at + 16])
        at += size or len(data) - at
        if 0 < size < 8:
            raise Refused("damaged")
    _must_end(data, at)


def _must_end(data: bytes, at: int) -> None:
    if at > len(data):
        raise Refused("cut-off")
    if data[at:].strip(_PADDING):
        raise Refused("tail")


_ENDS = {"JPEG": _end_of_jpeg, "PNG": _end_of_png, "WEBP": _end_of_webp, "HEIF": _end_of_heif}


def _flat(image: Image.Image) -> Image.Image:
    """Return the picture in RGB or grey (or CMYK, for its profile), on white where it has holes."""
    if image.mode.startswith("I"):  # 16 bits of grey
        image = image.point(lambda value: value / 256).convert("L")
    if image.mode in {"RGB", "L", "CMYK"}:
        return image
    if image.has_transparency_data:
        layers = image.convert("RGBA")
        white = Image.new("RGB", image.size, "white")
        white.paste(layers, mask=layers.getchannel("A"))
        return white
    return image.convert("RGB")


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Return the picture in sRGB: a phone's wider colours would look dull without their profile."""
    if profile and image.mode != "L":
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(image, source, _SRGB, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError):
            converted = None  # a profile that does not fit is no reason to lose the photo
        if converted is not None:
            return converted
    return image if image.mode == "L" else image.convert("RGB")
