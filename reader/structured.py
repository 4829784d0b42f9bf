"""A story for machines: schema.org NewsArticle as JSON-LD."""

from __future__ import annotations

import json
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from paper.models import Paper
from photos.picture import jpeg_of
from press.models import Story

#: So that no text of a story ends the element that it stands in.
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


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
        "datePublished": _time(story.release_at),
        "dateModified": _time(story.changed_at),
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
    text = json.dumps(data, ensure_ascii=False).translate(_ESCAPES)
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


def _time(at: Any) -> str:
    return timezone.localtime(at).isoformat(timespec="seconds")
