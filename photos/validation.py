"""Validation of photo files, decided by decoding and never by file name; pure.

Runs in a separate process (`photos.sandbox.photo_worker`), because untrusted files may exploit
decoders.
"""

from __future__ import annotations

import io
import struct
import zlib

import pi_heif
from PIL import ExifTags, Image, ImageCms, ImageFile, JpegImagePlugin, UnidentifiedImageError

from .colours import flatten_to_srgb
from .exceptions import PhotoRefused
from .file_formats import first_picture

MAX_BYTES = 30 * 1024 * 1024
MAX_PIXELS = 50_000_000
#: How many times as long as the other one side of a photo may be. A panorama reaches 10, a long
#: screenshot 30; beyond 50, nothing is left to see of the renditions, which are 3,200 pixels high.
MAX_RATIO = 50
#: Bytes that a complete scan never reads; a truncated one takes them for a part of the picture.
_FILLER = b"\x55" * 64
#: The transposition that makes a picture upright, by its Exif orientation.
_ORIENTATIONS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
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

# The pixels are checked here, frame by frame.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS * 4
ImageFile.LOAD_TRUNCATED_IMAGES = False
pi_heif.register_heif_opener(thumbnails=False)


def open_photo(data: bytes) -> tuple[ImageFile.ImageFile, bytes]:
    """Return the first picture in `data`, not yet decoded, for its metadata, and its bytes.

    Raises PhotoRefused.
    """
    if len(data) > MAX_BYTES:
        raise PhotoRefused("too-many-bytes")
    kind, picture = first_picture(data)
    try:
        image = _open(kind, picture)
        # Of an HEIC only the main picture is decoded; a gain map may count as another.
        frames = getattr(image, "n_frames", 1) if kind != "HEIF" else 1
    except Image.DecompressionBombError as error:
        raise PhotoRefused("too-many-pixels") from error
    except _DAMAGED as error:
        raise PhotoRefused("damaged") from error
    _check_size(image.width, image.height, frames)
    if frames > 1:
        raise PhotoRefused("moving")
    return image, picture


def _open(kind: str, data: bytes) -> ImageFile.ImageFile:
    """Return the picture `data` of the format `kind`.

    `Image.open` would look for the further pictures that a JPEG's index (MPF) lists.
    """
    if kind == "JPEG":
        return JpegImagePlugin.JpegImageFile(io.BytesIO(data))
    return Image.open(io.BytesIO(data), formats=[kind])


def _check_size(width: int, height: int, frames: int) -> None:
    """Raise PhotoRefused for too many pixels, and for a line instead of a picture."""
    if width * height * frames > MAX_PIXELS:
        raise PhotoRefused("too-many-pixels")
    if max(width, height) > MAX_RATIO * min(width, height):
        raise PhotoRefused("shape")


def load(image: ImageFile.ImageFile, data: bytes) -> None:
    """Decode `image`, opened from the picture `data`, completely. Raises PhotoRefused.

    Must be called before any other access to `image`: reading the metadata of a PNG decodes it too,
    and suppresses errors.
    """
    try:
        image.load()
        is_cut = image.format == "JPEG" and _is_cut_short(image, data)
    except MemoryError as error:
        raise PhotoRefused("too-much-work") from error
    except _DAMAGED as error:
        raise PhotoRefused("damaged") from error
    if is_cut:
        raise PhotoRefused("cut-off")


def _is_cut_short(image: Image.Image, data: bytes) -> bool:
    """Return whether the last scan of a JPEG ends before its picture does.

    libjpeg fills what is missing with grey and warns, which Pillow does not report. So filler is
    inserted before the end of the picture; it changes the picture only if something is missing.
    """
    filled = data[:-2] + _FILLER + b"\xff\xd9"
    with _open("JPEG", filled) as other:
        return zlib.crc32(other.tobytes()) != zlib.crc32(image.tobytes())


def decode(image: Image.Image) -> Image.Image:
    """Return the picture of `load` upright, in sRGB, on white. Raises PhotoRefused."""
    try:
        return flatten_to_srgb(_to_upright(image))
    except Image.DecompressionBombError as error:
        raise PhotoRefused("too-many-pixels") from error
    except MemoryError as error:
        raise PhotoRefused("too-much-work") from error
    except _DAMAGED as error:
        raise PhotoRefused("damaged") from error


def _to_upright(image: Image.Image) -> Image.Image:
    """Rotate the picture as its Exif orientation says; other Exif data may be broken."""
    try:
        transposition = _ORIENTATIONS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    except _DAMAGED:
        transposition = None
    return image if transposition is None else image.transpose(transposition)
