"""Requests that the article form sends while a user types."""

from __future__ import annotations

from django.test import Client

from articles.models import Article

TAB, OTHER = "window-one-0001", "window-two-0002"
FORM = {
    "kind": "story",
    "photos-TOTAL_FORMS": 0,
    "photos-INITIAL_FORMS": 0,
    "headline": "水闸换了电动机",
    "body": "<p>全镇六座水闸装上了电动机。</p>",
}


def url_of(article: Article, name: str = "autosave") -> str:
    return f"/desk/articles/article/{article.pk}/{name}/"


def send(
    client: Client, article: Article | None, sequence: int, *, window_id: str = TAB, **more: object
):
    url = url_of(article) if article else "/desk/articles/article/autosave/"
    return client.post(
        url, {**FORM, "window_id": window_id, "sequence": sequence, "version": 1, **more}
    )


def heads(article: Article) -> list[tuple[int, str, bool]]:
    rows = article.revisions.filter(is_side=False).order_by("number")
    return [(row.number, row.content["headline"], row.is_auto) for row in rows]
