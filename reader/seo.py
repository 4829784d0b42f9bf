"""Metadata of public views: OpenGraph, and schema.org NewsArticle as JSON-LD for a story."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from paper.humanize import iso
from paper.models import Paper
from photos.html import jpeg_facts, jpeg_of
from press.models import Story

#: Escapes that keep a text from closing its script element.
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
    """Return the <meta> elements for a link preview of a view under `site` (https://ogp.me).

    The image is `photo`, or the paper's logo.
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
    """Return `story` as JSON-LD for a view under `site` (such as https://paper.example.cn).

    `dateModified` is its last correction, whose note is in `correction`
    (https://schema.org/correction).
    """
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.title,
        "inLanguage": "zh-Hans",
        "datePublished": iso(story.release_at),
        "dateModified": iso(story.changed_at),
        "mainEntityOfPage": site + story.get_absolute_url(),
        "articleSection": story.section.name,
        "author": _authors(story, paper, site),
        "publisher": _publisher(paper, site),
        "isAccessibleForFree": True,
    }
    if story.summary:
        data["description"] = story.summary
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


def _authors(story: Story, paper: Paper, site: str) -> list[dict[str, str]]:
    """Return the contributors without duplicates; of a story without byline, the paper."""
    signed = {person["id"]: person["name"] for person in story.byline}
    if not signed:
        name = paper.name or paper.publisher
        return [{"@type": "Organization", "name": name, "url": f"{site}/"}]
    return [
        {"@type": "Person", "name": name, "url": f"{site}/contributors/{pk}/"}
        for pk, name in signed.items()
    ]


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
