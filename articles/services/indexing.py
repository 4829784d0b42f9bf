"""The desk's full-text index: one row for each article, of its newest text.

Names of people and towns are not in it: they are looked up where they stand, so that a new name
finds the old articles at once (`articles.finding`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db import transaction

from search.index import Document, Index
from textkit import html

from ..content import Content
from ..models import Article

DESK = Index("desk")
#: So many articles are read, locked and written at once.
BATCH = 200


def document(
    key: int,
    *,
    kicker: str,
    headline: str,
    subhead: str,
    dateline: str,
    unit: str,
    body: str,
    tags: Sequence[str],
) -> Document:
    """Return what is found of an article; `body` is HTML, of which only the text is."""
    lines = headline.split("\n")
    # A headline in two lines is one in the reader's mind: 水闸 / 换了 is found by 闸换 too.
    whole = ["".join(lines)] if len(lines) > 1 else []
    head = "\n".join([kicker, *lines, *whole, subhead])
    return Document(key, head, "\n".join([dateline, html.to_text(body), unit, *tags]))


def put(article: Article, content: Content) -> None:
    """Write the row of one article; call it in the transaction that saves the text."""
    put_all([(article, content)])


def put_all(pairs: Sequence[tuple[Article, Content]]) -> None:
    """Write the rows of many articles at once."""
    DESK.put([_of_content(article.pk, content) for article, content in pairs])


def _of_content(key: int, content: Content) -> Document:
    return document(
        key,
        kicker=content.kicker,
        headline=content.headline,
        subhead=content.subhead,
        dateline=content.dateline,
        unit=content.unit,
        body=content.body,
        tags=content.tags,
    )


def forget(key: int) -> None:
    """Drop the row of an article that is deleted."""
    DESK.remove(key)


def rebuild(progress: Callable[[int, int], object] = lambda done, of: None) -> int:
    """Write the rows of all articles anew and return their number; the desk may work meanwhile.

    `progress` is told after each batch how many are done, and of how many.
    """
    keys = list(Article.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        chosen = keys[start : start + BATCH]
        with transaction.atomic():
            # Locked, so that nobody's save falls between our reading and our writing.
            rows = Article.objects.filter(pk__in=chosen).order_by("pk")
            DESK.put([_of_article(one) for one in rows.select_for_update()])
        progress(start + len(chosen), len(keys))
    return len(keys)


def _of_article(article: Article) -> Document:
    return document(
        article.pk,
        kicker=article.kicker,
        headline=article.headline,
        subhead=article.subhead,
        dateline=article.dateline,
        unit=article.unit,
        body=article.body,
        tags=list(article.tags.names()),
    )
