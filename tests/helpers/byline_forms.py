"""The article form with a byline, and lists of names."""

from __future__ import annotations

from paper.models import Section
from tests.helpers.article_forms import ADD

__all__ = ["ADD", "form", "listed"]


def form(byline: str, **more: object) -> dict[str, object]:
    return {
        "version": 0,
        "kind": "story",
        "headline": "水闸换了电动机",
        "body": "全镇六座水闸装上了电动机。",
        "body_format": "light",
        "byline": byline,
        "section": Section.objects.get(slug="news").pk,
        "photos-TOTAL_FORMS": 0,
        "photos-INITIAL_FORMS": 0,
        **more,
    }


def listed(names: str) -> list[str]:
    return names.split()
