"""Everything that writes photos: check, re-encode, credit, rendition."""

from __future__ import annotations

import datetime as dt
import io
import secrets
from collections.abc import Sequence
from typing import BinaryIO

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image, ImageOps, UnidentifiedImageError

from bylines.models import Contributor, Role

from .models import Photo, PhotoCredit

MAX_BYTES = 30 * 1024 * 1024
MAX_PIXELS = 50_000_000
#: Accepted by decoded content, never by name.
FORMATS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}
RENDITION_WIDTH = 1600
JPEG_QUALITY = 88
_TOO_MANY_PIXELS = gettext_lazy("The photo has more than 50 megapixels. Please make it smaller.")


def add_photo(
    *,
    data: bytes,
    caption: str,
    user: User | None,
    at: dt.datetime,
    credits: Sequence[tuple[Contributor, str]] = (),
) -> Photo:
    """Check, re-encode and store a photo with its caption and credits.

    `credits` are (contributor, role) in printed order. What is stored is decoded and encoded
    anew, turned upright, without EXIF. Raises ValidationError with a sentence for the person.
    """
    clean, extension = re_encode(data)
    photo = Photo(
        token=secrets.token_hex(16),
        extension=extension,
        caption=caption.strip(),
        uploaded_by=user,
        uploaded_at=at,
    )
    with transaction.atomic():
        photo.file.save(f"photo.{extension}", ContentFile(clean), save=False)
        _add_rendition(photo, clean)
        photo.full_clean()
        photo.save()
        set_credits(photo, credits)
    return photo


def set_caption(photo: Photo, caption: str) -> None:
    """Note what `photo` shows, as its sender said."""
    photo.caption = caption.strip()
    photo.save(update_fields=["caption"])


def set_credits(photo: Photo, credits: Sequence[tuple[Contributor, str]]) -> None:
    """Replace the credits of `photo` by (contributor, role) in printed order."""
    with transaction.atomic():
        photo.credits.all().delete()
        unique = list(dict.fromkeys((c.pk, Role(role)) for c, role in credits))
        PhotoCredit.objects.bulk_create(
            PhotoCredit(photo=photo, contributor_id=pk, role=role, order=order)
            for order, (pk, role) in enumerate(unique)
        )


def re_encode(data: bytes) -> tuple[bytes, str]:
    """Return the picture in `data` encoded anew without metadata, and its file extension.

    Raises ValidationError for what is too large, damaged or no photo.
    """
    if len(data) > MAX_BYTES:
        raise ValidationError(_("The photo is larger than 30 MB. Please send a smaller one."))
    image = _decode(io.BytesIO(data))
    kind = image.format or ""
    upright = ImageOps.exif_transpose(image)
    if kind == "JPEG" and upright.mode not in {"RGB", "L"}:
        upright = upright.convert("RGB")
    upright.info.clear()
    out = io.BytesIO()
    upright.save(out, kind, quality=JPEG_QUALITY)
    return out.getvalue(), FORMATS[kind]


def _decode(stream: BinaryIO) -> Image.Image:
    try:
        image = Image.open(stream, formats=list(FORMATS))
        if image.width * image.height * getattr(image, "n_frames", 1) > MAX_PIXELS:
            raise ValidationError(_TOO_MANY_PIXELS)
        image.load()
    except Image.DecompressionBombError as error:
        raise ValidationError(_TOO_MANY_PIXELS) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise ValidationError(
            _("This file is no photo that can be read. Please send a JPEG, PNG or WebP.")
        ) from error
    return image


def _add_rendition(photo: Photo, data: bytes) -> None:
    image = _decode(io.BytesIO(data)).convert("RGB")
    image.thumbnail((RENDITION_WIDTH, RENDITION_WIDTH * 2))
    out = io.BytesIO()
    image.save(out, "WEBP", quality=80, method=2)
    photo.rendition_width, photo.rendition_height = image.size
    photo.rendition.save("photo.webp", ContentFile(out.getvalue()), save=False)


def credit_line(photo: Photo) -> str:
    """Return the credit of `photo` as printed under it, such as 融媒体 张三 通讯员 李四 摄.

    Reads `photo.credits` with their contributors: prefetch them for a list.
    """
    parts = [f"{c.label} {c.contributor.name}".strip() for c in photo.credits.all()]
    return f"{' '.join(parts)} 摄" if parts else ""
