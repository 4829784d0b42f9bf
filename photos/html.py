"""HTML of a photo: the names of all sizes and formats are known, so no lookup is needed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from .models import Photo
from .renditions import CROP_RATIO, JPEG_CROP, JPEG_WHOLE, jpeg_width

#: A file name in a folder of renditions: w800.avif, c640.jpg.
NAME = re.compile(r"[wc][1-9]\d{0,3}\.(?:avif|webp|jpg)")
#: The `sizes` value for phones with high pixel density, at any width: for 260 points at 3 pixels or
#: 400 at 2, every browser takes the 800. A larger one is 2.4 times the bytes without a visible
#: difference.
PHONE = (
    "(max-width: 47rem) and (min-resolution: 2.5dppx) 260px,"
    " (max-width: 30rem) and (min-resolution: 1.5dppx) 400px, (max-width: 47rem) 100vw"
)
#: The `sizes` value of a photo in a column: the phone's width, else the column's.
COLUMN = f"{PHONE}, 44rem"

_LEAD = SafeString(' fetchpriority="high"')
_LAZY = SafeString(' loading="lazy" decoding="async"')


def row_of(photo: Photo, base: str) -> dict[str, Any]:
    """Return the JSON row for `picture_html`; `base` is the URL of the folder."""
    return {
        "url": base,
        "width": photo.width,
        "height": photo.height,
        "widths": photo.widths,
        "crops": photo.crops,
    }


def picture_html(
    row: Mapping[str, Any],
    alt: str = "",
    *,
    sizes: str = COLUMN,
    crop: bool = False,
    lead: bool = False,
    css: str = "",
) -> SafeString:
    """Return the <picture> of a row of `row_of`: the whole photo, or its 3:2 crop.

    `sizes` is its displayed width, in CSS. The `lead` photo of a page is loaded eagerly. `css` is
    the class of the image.
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
    """Return the <link> that preloads a page's lead photo before layout."""
    prefix, made = ("c", row["crops"]) if crop else ("w", row["widths"])
    return format_html(
        '<link rel="preload" as="image" type="image/avif" imagesrcset="{}" imagesizes="{}"'
        ' fetchpriority="high">',
        srcset(row["url"], prefix, made, "avif"),
        sizes,
    )


def srcset(base: str, prefix: str, widths: Sequence[int], kind: str) -> str:
    """Return the `srcset` value of one format."""
    return ", ".join(f"{base}/{prefix}{width}.{kind} {width}w" for width in widths)


def jpeg_of(row: Mapping[str, Any]) -> str:
    """Return the URL of a row's JPEG, for programs that take one image."""
    return f"{row['url']}/w{jpeg_width(row['widths'])}.jpg"


def jpeg_facts(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return that URL as `url`, and the image's `width` and `height`."""
    width = jpeg_width(row["widths"])
    height = max(1, round(row["height"] * width / row["width"]))
    return {"url": jpeg_of(row), "width": width, "height": height}


def figure_html(
    row: Mapping[str, Any], caption: str, credit: str, alt: str = "", *, href: str = ""
) -> SafeString:
    """Return a photo in a text with its caption and credit, linked to `href` if given."""
    shown = picture_html(row, alt or caption)
    return format_html(
        '<figure class="photo">{}<figcaption>{}'
        ' <span class="credit">{}</span></figcaption></figure>',
        format_html('<a href="{}">{}</a>', href, shown) if href else shown,
        caption,
        credit,
    )
