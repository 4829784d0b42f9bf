"""Colours of a photo: transparency on white, and any colour profile converted to sRGB; pure."""

from __future__ import annotations

import io

from PIL import Image, ImageCms

_SRGB = ImageCms.createProfile("sRGB")
#: Modes whose colours are read through a profile as they are.
_PLAIN = frozenset({"RGB", "L", "CMYK"})


def flatten_to_srgb(image: Image.Image) -> Image.Image:
    """Return `image` in sRGB (mode RGB, or L for a grey one), with transparency on white.

    A profile is converted, because it is not stored: without it, wide-gamut colours look dull and a
    grey of gamma 1.8 too dark. A profile that is broken, or of another colour space than the
    picture, is ignored.
    """
    colours, alpha = _split(image)
    converted = _convert(colours, image.info.get("icc_profile"))
    if alpha is None:
        return converted
    white = Image.new(converted.mode, converted.size, "white")
    white.paste(converted, mask=alpha)
    return white


def _split(image: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """Return the colours of a picture as RGB, L or CMYK, and its transparency, or None."""
    if image.mode.startswith("I"):  # 16-bit grey
        return image.point(lambda value: value / 256).convert("L"), None
    if image.has_transparency_data:
        is_grey = image.mode in {"L", "LA", "La", "1"}
        layers = image.convert("LA" if is_grey else "RGBA")
        return layers.convert("L" if is_grey else "RGB"), layers.getchannel("A")
    if image.mode in _PLAIN:
        return image, None
    return image.convert("L" if image.mode == "1" else "RGB"), None


def _convert(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Return the picture in sRGB; a grey one stays grey."""
    is_grey = image.mode == "L"
    converted = image
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            # Pillow returns None only for a conversion in place.
            converted = ImageCms.profileToProfile(image, source, _SRGB, outputMode="RGB") or image
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # an invalid profile is no reason to refuse the photo
    return converted.convert("L" if is_grey else "RGB")
