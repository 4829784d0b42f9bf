"""The desk's full-text index: one row per article, with its newest text.

Names of people and towns are not indexed. They are looked up in their own tables, so that a new
name finds the old articles at once (`articles.selectors.article_list`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db import transaction

from press.tags import TagAliases, tag_aliases
from search.index import Document, Index
from textkit.body import Body

from ..content import Content
from ..models import Article

DESK = Index("desk")
#: Number of articles that are read, locked and written at once.
BATCH = 200


def document(
    key: int,
    *,
    kicker: str,
    headline: str,
    subhead: str,
    dateline: str,
    unit: str,
    body: Body,
    tags: Sequence[str],
) -> Document:
    """Return the searchable text of an article; of `body` only the text is indexed."""
    lines = headline.split("\n")
    # A headline in two lines is searched as one line: 水闸 / 换了 is found by 闸换 too.
    whole = ["".join(lines)] if len(lines) > 1 else []
    head = "\n".join([kicker, *lines, *whole, subhead])
    return Document(key, head, "\n".join([dateline, body.text, unit, *tags]))


def index_article(article: Article, content: Content) -> None:
    """Write the row of one article; call it in the transaction that saves the text."""
    index_articles([(article, content)])


def index_articles(pairs: Sequence[tuple[Article, Content]]) -> None:
    """Write the rows of many articles at once."""
    aliases = tag_aliases() if any(content.tags for _article, content in pairs) else TagAliases()
    DESK.put([_of_content(article.pk, content, aliases) for article, content in pairs])


def _of_content(key: int, content: Content, aliases: TagAliases) -> Document:
    return document(
        key,
        kicker=content.kicker,
        headline=content.headline,
        subhead=content.subhead,
        dateline=content.dateline,
        unit=content.unit,
        body=content.body,
        tags=_tag_names(content.tags, aliases),
    )


def remove_article(key: int) -> None:
    """Remove the row of a deleted article."""
    DESK.remove(key)


def rebuild_index(progress: Callable[[int, int], object] = lambda done, of: None) -> int:
    """Rebuild the rows of all articles and return their number; the desk can be used during it.

    `progress` is called after each batch with the number of finished articles and the total.
    """
    return refresh(list(Article.objects.order_by("pk").values_list("pk", flat=True)), progress)


def refresh(
    keys: Sequence[int], progress: Callable[[int, int], object] = lambda done, of: None
) -> int:
    """Write the rows of the articles `keys`, in order of id, and return their number."""
    aliases = tag_aliases()
    for start in range(0, len(keys), BATCH):
        chosen = keys[start : start + BATCH]
        with transaction.atomic():
            # Locked, so that no save happens between this read and the write.
            rows = Article.objects.filter(pk__in=chosen).order_by("pk")
            # The stubs do not know that taggit's manager supports this.
            rows = rows.prefetch_related("tags")  # type: ignore[misc]
            DESK.put([_of_article(one, aliases) for one in rows.select_for_update()])
        progress(start + len(chosen), len(keys))
    return len(keys)


def _of_article(article: Article, aliases: TagAliases) -> Document:
    return document(
        article.pk,
        kicker=article.kicker,
        headline=article.headline,
        subhead=article.subhead,
        dateline=article.dateline,
        unit=article.unit,
        body=article.body,
        tags=_tag_names([tag.name for tag in article.tags.all()], aliases),
    )


def _tag_names(names: Sequence[str], aliases: TagAliases) -> list[str]:
    """Return the saved names of tags, and their current names."""
    return list(dict.fromkeys([*names, *aliases.current(names)]))
