"""Photos in templates, of the desk and of the readers' pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from .. import picture

register = template.Library()


@register.simple_tag(name="picture")
def picture_tag(row: Mapping[str, Any], alt: str = "", **how: Any) -> SafeString:
    """Return the <picture> of a photo (a row of `picture.row_of`); see `picture.picture`."""
    return picture.picture(row, alt, **how)


@register.simple_tag
def preload(
    row: Mapping[str, Any], *, sizes: str = picture.COLUMN, crop: bool = False
) -> SafeString:
    """Return the <link> that has a page's lead photo fetched before its place is known."""
    prefix, made = ("c", row["crops"]) if crop else ("w", row["widths"])
    return format_html(
        '<link rel="preload" as="image" type="image/avif" imagesrcset="{}" imagesizes="{}"'
        ' fetchpriority="high">',
        picture.srcset(row["url"], prefix, made, "avif"),
        sizes,
    )
