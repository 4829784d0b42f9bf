"""Template tags of the public pages."""

from __future__ import annotations

from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from bylines.models import Role
from paper.models import Paper
from press.layout import Block, paragraphs
from press.models import Correction, Edition, EditionPage, Story

from .. import structured
from ..editions import PageView
from ..thumbs import thumb

register = template.Library()


@register.filter
def body_html(story: Story) -> SafeString:
    """Return the body as it was sanitised and frozen when the story was printed."""
    return mark_safe(story.body)  # noqa: S308


@register.filter
def byline_groups(byline: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return a byline as printed: each label (融媒体, 通讯员) with the people that follow it."""
    groups = groupby(byline, key=lambda row: row["label"] or row["role"])
    return [(str(label), list(people)) for label, people in groups]


@register.filter
def signature(byline: list[dict[str, Any]]) -> str:
    """Return the signature at a story's end: （融媒体 张三 通讯员 李四）, pictures apart."""
    writers = [row for row in byline if row["role"] != Role.PHOTOGRAPH]
    words = [
        f"{label} {' '.join(person['name'] for person in people)}"
        for label, people in byline_groups(writers)
    ]
    return f"（{' '.join(words)}）" if words else ""


@register.filter
def set_text(block: Block) -> list[str]:
    """Return the paragraphs of a story that its block on a page has room for."""
    return paragraphs(block)


@register.simple_tag
def page_thumb(view: PageView, edition: Edition, paper: Paper) -> SafeString:
    """Return the small picture of a page: its own, or one drawn from how it is set."""
    image = view.image
    if not image:
        return thumb(view.bands, is_first=view.page.number == 1, name=paper.name)
    width = min(image["widths"])
    return format_html(
        '<img class="thumb" src="{}" width="{}" height="{}" alt="" loading="lazy">',
        image_url(edition, view.page, width),
        width,
        round(image["height"] * width / image["width"]),
    )


@register.simple_tag
def page_picture(view: PageView, edition: Edition, alt: str) -> SafeString:
    """Return the picture of a page in all its widths."""
    image = view.image
    widths = sorted(image["widths"])
    shown = next((width for width in widths if width >= 800), widths[-1])
    return format_html(
        '<img src="{}" srcset="{}" sizes="(max-width: 900px) 100vw, 760px" width="{}" height="{}"'
        ' alt="{}" fetchpriority="high">',
        image_url(edition, view.page, shown),
        ", ".join(f"{image_url(edition, view.page, width)} {width}w" for width in widths),
        shown,
        round(image["height"] * shown / image["width"]),
        alt,
    )


def image_url(edition: Edition, page: EditionPage, width: int) -> str:
    """Return the address of a page's picture in one width."""
    key = (edition.date, edition.part)
    return reverse("reader:page_image", args=[key, page.number, page.image["token"], width])


@register.simple_tag
def query(chosen: dict[str, str], **extra: str) -> str:
    """Return the query string of the chosen filters with `extra` ones added."""
    return "?" + urlencode({**chosen, **{k: v for k, v in extra.items() if v}})


@register.simple_tag
def json_ld(story: Story, paper: Paper, site: str) -> SafeString:
    """Return the story for machines, to stand in a script element of JSON-LD."""
    return structured.news_article(story, paper, site)


@register.filter
def correction_label(kind: str) -> str:
    """Return what a correction is called on the page: 更新, 更正, 致歉."""
    return str(Correction.Kind(kind).label)
