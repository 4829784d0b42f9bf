"""Renditions of a photo: its sizes and how they are made; pure.

The whole picture and one crop (3:2, around the focal point), each as AVIF and WebP, and one JPEG
for browsers that support neither. They are created once after upload.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PIL import Image

#: Widths in pixels. 800 is a phone's column at double pixel density.
WHOLE = (320, 480, 800, 1200, 1600)
CROP = (320, 480, 800, 1200)
#: Aspect ratio of the crop, for rows, strips and the homepage.
CROP_RATIO = 3 / 2
#: The widths that also exist as JPEG.
JPEG_WHOLE, JPEG_CROP = 800, 800
MAX_HEIGHT = 3200
_AVIF = {"quality": 55, "speed": 8}
_WEBP = {"quality": 76, "method": 2}
_JPEG = {"quality": 80, "progressive": True, "optimize": True}
#: Side of the reduced picture from which the perceptual hash is computed, less one column.
_HASH = 8


def make(
    image: Image.Image, folder: Path, focus: tuple[int, int] = (50, 50)
) -> tuple[list[int], list[int]]:
    """Write the renditions of `image` into `folder` as NAME.avif, .webp and .jpg.

    `focus` is the focal point in percent of width and height. Returns the widths of the whole
    pictures and of the crops; a picture is never enlarged.
    """
    image = image.convert("RGB")
    cut = image.crop(crop_box(image.size, focus))
    whole, crops = widths(image.size), [w for w in CROP if w <= cut.width] or [cut.width]
    # From large to small, each from the previous one: a quarter of the work.
    for width in reversed(whole):
        image = _narrowed(image, width)
        _write(image, folder / f"w{width}", with_jpeg=width == _nearest(whole, JPEG_WHOLE))
    for width in reversed(crops):
        cut = cut.resize((width, round(width / CROP_RATIO)), Image.Resampling.LANCZOS)
        _write(cut, folder / f"c{width}", with_jpeg=width == _nearest(crops, JPEG_CROP))
    return whole, crops


def widths(size: tuple[int, int]) -> list[int]:
    """Return the widths of the renditions of a picture of (width, height), smallest first."""
    most = min(size[0], WHOLE[-1], max(1, size[0] * MAX_HEIGHT // size[1]))
    found = [width for width in WHOLE if width <= most]
    return found if found and found[-1] >= most * 0.8 else [*found, most]


def file_names(whole: Sequence[int], crops: Sequence[int]) -> list[str]:
    """Return the names of the files that `make` writes, given the widths that it returns."""
    found = [f"w{width}.{kind}" for width in whole for kind in ("avif", "webp")]
    found += [f"c{width}.{kind}" for width in crops for kind in ("avif", "webp")]
    found += [f"w{_nearest(whole, JPEG_WHOLE)}.jpg"] if whole else []
    found += [f"c{_nearest(crops, JPEG_CROP)}.jpg"] if crops else []
    return found


def crop_box(size: tuple[int, int], focus: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return the largest 3:2 box in a picture of `size` around `focus`, inside its edges."""
    width, height = size
    w = min(width, round(height * CROP_RATIO))
    h = max(1, min(height, round(w / CROP_RATIO)))
    left = min(max(0, round(width * focus[0] / 100 - w / 2)), width - w)
    top = min(max(0, round(height * focus[1] / 100 - h / 2)), height - h)
    return left, top, left + w, top + h


def jpeg_width(found: list[int], wanted: int = JPEG_WHOLE) -> int:
    """Return the width of the JPEG among the existing widths."""
    return _nearest(found, wanted)


def fingerprint(image: Image.Image) -> int:
    """Return the difference hash of a picture, a signed number of 64 bits.

    One bit for each neighbouring pair of a 9 by 8 grey picture; similar pictures differ in few
    bits.
    """
    grey = image.convert("L").resize((_HASH + 1, _HASH), Image.Resampling.BOX)
    rows = [grey.crop((0, y, _HASH + 1, y + 1)).tobytes() for y in range(_HASH)]
    bits = "".join("1" if row[x] > row[x + 1] else "0" for row in rows for x in range(_HASH))
    value = int(bits, 2)
    return value - (1 << 64) if value >> 63 else value


def _nearest(found: Sequence[int], wanted: int) -> int:
    return min(found, key=lambda width: abs(width - wanted))


def _narrowed(image: Image.Image, width: int) -> Image.Image:
    if width == image.width:
        return image
    height = max(1, round(image.height * width / image.width))
    return image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)


def _write(image: Image.Image, path: Path, *, with_jpeg: bool) -> None:
    image.save(path.with_suffix(".avif"), "AVIF", **_AVIF)
    image.save(path.with_suffix(".webp"), "WEBP", **_WEBP)
    if with_jpeg:
        image.save(path.with_suffix(".jpg"), "JPEG", **_JPEG)
