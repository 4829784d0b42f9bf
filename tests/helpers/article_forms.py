"""The article form: its addresses and what it sends."""

from __future__ import annotations

from articles.models import Article

ADD = "/desk/articles/article/add/"
FORM = {
    "kind": "story",
    "headline": "水闸通了电",
    "body": "第一段\n\n第二段",
    "body_format": "light",
    "byline": "通讯员 甲乙",
    "version": 0,
    "photos-TOTAL_FORMS": 1,
    "photos-INITIAL_FORMS": 0,
}


def change(article: Article) -> str:
    return f"/desk/articles/article/{article.pk}/change/"
