"""A photo as HTML: every size and format by name, so that a page asks nobody which there are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from .models import Photo
from .renditions import CROP_RATIO, JPEG_CROP, JPEG_WHOLE, jpeg_width

#: What is asked for of a folder of renditions: w800.avif, c640.jpg.
NAME = re.compile(r"[wc][1-9]\d{0,3}\.(?:avif|webp|jpg)")
#: What a phone of fine pixels is told, however wide it is: for 260 points of 3 pixels, or 400 of
#: 2, every browser takes the 800. More is more than an eye sees there, and 2.4 times the bytes.
PHONE = (
    "(max-width: 47rem) and (min-resolution: 2.5dppx) 260px,"
    " (max-width: 30rem) and (min-resolution: 1.5dppx) 400px, (max-width: 47rem) 100vw"
)
#: How wide a photo in a column is shown: the phone's width, else the column.
COLUMN = f"{PHONE}, 44rem"

_LEAD = SafeString(' fetchpriority="high"')
_LAZY = SafeString(' loading="lazy" decoding="async"')


def row_of(photo: Photo, base: str) -> dict[str, Any]:
    """Return what `picture` takes, as plain JSON values; `base` is the address of the folder."""
    return {
        "url": base,
        "width": photo.width,
        "height": photo.height,
        "widths": photo.widths,
        "crops": photo.crops,
    }


def picture(
    row: Mapping[str, Any],
    alt: str = "",
    *,
    sizes: str = COLUMN,
    crop: bool = False,
    lead: bool = False,
    css: str = "",
) -> SafeString:
    """Return the <picture> of a row of `row_of`: the whole photo, or its 3:2 crop.

    `sizes` is how wide it is shown, in CSS; the `lead` photo of a page is not put off.
    `css` is the class of the image.
    """
    prefix, made = ("c", row["crops"]) if crop else ("w", row["widths"])
    wanted = jpeg_width(made, JPEG_CROP if crop else JPEG_WHOLE)
    width = max(made)
    height = round(width / CROP_RATIO) if crop else round(row["height"] * width / row["width"])
    sources = format_html_join(
        "",
        '<source type="image/{}" srcset="{}" sizes="{}">',
        ((kind, srcset(row["url"], prefix, made, kind), sizes) for kind in ("avif", "webp")),
    )
    return format_html(
        '<picture>{}<img src="{}/{}{}.jpg" width="{}" height="{}" alt="{}"{}{}></picture>',
        sources,
        row["url"],
        prefix,
        wanted,
        width,
        max(1, height),
        alt,
        _LEAD if lead else _LAZY,
        format_html(' class="{}"', css) if css else "",
    )


def preload(row: Mapping[str, Any], *, sizes: str = COLUMN, crop: bool = False) -> SafeString:
    """Return the <link> that has a page's lead photo fetched before its place is known."""
    prefix, made = ("c", row["crops"]) if crop else ("w", row["widths"])
    return format_html(
        '<link rel="preload" as="image" type="image/avif" imagesrcset="{}" imagesizes="{}"'
        ' fetchpriority="high">',
        srcset(row["url"], prefix, made, "avif"),
        sizes,
    )


def srcset(base: str, prefix: str, widths: Sequence[int], kind: str) -> str:
    """Return the sizes of one format as `srcset` names them."""
    return ", ".join(f"{base}/{prefix}{width}.{kind} {width}w" for width in widths)


def jpeg_of(row: Mapping[str, Any]) -> str:
    """Return the address of the JPEG of a row, for machines that take one picture."""
    return f"{row['url']}/w{jpeg_width(row['widths'])}.jpg"


def jpeg_facts(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return that address as `url`, and the picture's `width` and `height`."""
    width = jpeg_width(row["widths"])
    height = max(1, round(row["height"] * width / row["width"]))
    return {"url": jpeg_of(row), "width": width, "height": height}


def figure(
    row: Mapping[str, Any], caption: str, credit: str, alt: str = "", *, href: str = ""
) -> SafeString:
    """Return a photo in a text with its caption and credit under it, leading to `href` if given."""
    shown = picture(row, alt or caption)
    return format_html(
        '<figure class="photo">{}<figcaption>{}'
        ' <span class="credit">{}</span></figcaption></figure>',
        format_html('<a href="{}">{}</a>', href, shown) if href else shown,
        caption,
        credit,
    )
