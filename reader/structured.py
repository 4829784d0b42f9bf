"""A page for machines: OpenGraph, and for a story schema.org's NewsArticle as JSON-LD."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from paper.models import Paper
from photos.picture import jpeg_facts, jpeg_of
from press.models import Story

#: So that no text of a story ends the element that it stands in.
_ESCAPES = (("<", "\\u003C"), (">", "\\u003E"), ("&", "\\u0026"))


def card(
    paper: Paper,
    site: str,
    *,
    name: str,
    text: str = "",
    photo: Mapping[str, Any] | None = None,
    kind: str = "website",
) -> SafeString:
    """Return the <meta> elements of what a link to a page under `site` shows (https://ogp.me).

    The picture is its `photo`, else the paper's logo.
    """
    found = [("property", "og:type", kind), ("property", "og:title", name)]
    if text:
        found += [("name", "description", text), ("property", "og:description", text)]
    if photo:
        image = jpeg_facts(photo)
        found += [
            ("property", "og:image", site + image["url"]),
            ("property", "og:image:width", image["width"]),
            ("property", "og:image:height", image["height"]),
        ]
        if photo["alt"]:
            found.append(("property", "og:image:alt", photo["alt"]))
    elif paper.logo:
        found.append(("property", "og:image", f"{site}/logo/"))
    lines = (f'<meta {by}="{what}" content="{escape(value)}">' for by, what, value in found)
    return mark_safe("\n".join(lines))  # noqa: S308 - escaped


def news_article(story: Story, paper: Paper, site: str) -> SafeString:
    """Return `story` as JSON-LD for a page under `site` (such as https://paper.example.cn).

    `dateModified` is its last correction, whose note stands under `correction`
    (https://schema.org/correction).
    """
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.title,
        "description": story.summary,
        "inLanguage": "zh-Hans",
        "datePublished": iso(story.release_at),
        "dateModified": iso(story.changed_at),
        "mainEntityOfPage": site + story.get_absolute_url(),
        "articleSection": story.section.name,
        "author": [
            {
                "@type": "Person",
                "name": person["name"],
                "url": f"{site}/contributors/{person['id']}/",
            }
            for person in story.byline
        ],
        "publisher": _publisher(paper, site),
        "isAccessibleForFree": True,
    }
    if story.places:
        data["contentLocation"] = [{"@type": "Place", "name": p["name"]} for p in story.places]
    if story.tag_names:
        data["keywords"] = story.tag_names
    if story.photo_list:
        data["image"] = [site + jpeg_of(photo) for photo in story.photo_list]
    if story.corrections:
        data["correction"] = [
            {"@type": "CorrectionComment", "text": c["note"], "datePublished": c["at"]}
            for c in story.corrections
        ]
    text = json.dumps(data, ensure_ascii=False)
    for sign, escaped in _ESCAPES:
        text = text.replace(sign, escaped)
    return mark_safe(text)  # noqa: S308


def _publisher(paper: Paper, site: str) -> dict[str, Any]:
    data: dict[str, Any] = {
        "@type": "NewsMediaOrganization",
        "name": paper.publisher or paper.name,
        "url": f"{site}/",
        "correctionsPolicy": f"{site}/corrections/",
    }
    if paper.logo:
        data["logo"] = {"@type": "ImageObject", "url": f"{site}/logo/"}
    return data


@lru_cache(maxsize=4096)
def iso(at: dt.datetime) -> str:
    """Return a time by the paper's clocks as machines read it: 2026-01-31T06:00:00+08:00."""
    return at.astimezone(timezone.get_default_timezone()).isoformat(timespec="seconds")
