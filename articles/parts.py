"""What hangs on an article: who signs it, its towns, tags and photos; read once for a whole screen.

`Article.objects.whole()` reads them all beforehand; these functions take what was read, and ask
the database where nothing was.
"""

from __future__ import annotations

from .models import Article, ArticlePhoto, Byline


def is_read(article: Article, name: str) -> bool:
    """Return whether the rows of the relation `name` were read with the article."""
    return name in getattr(article, "_prefetched_objects_cache", {})


def bylines_of(article: Article) -> list[Byline]:
    """Return who signs the article, in printed order, with the contributors."""
    rows = article.bylines.all()
    return list(rows if is_read(article, "bylines") else rows.select_related("contributor"))


def photos_of(article: Article) -> list[ArticlePhoto]:
    """Return the article's photos in order, each with the photo and its credits."""
    rows = article.article_photos.all()
    if is_read(article, "article_photos"):
        return list(rows)
    return list(rows.select_related("photo").prefetch_related("photo__credits__contributor"))


def is_signed_by(article: Article, user_id: int | None) -> bool:
    """Return whether the login stands in the byline of the article."""
    if user_id is None:
        return False
    if is_read(article, "bylines"):
        return any(row.contributor.user_id == user_id for row in article.bylines.all())
    return article.bylines.filter(contributor__user_id=user_id).exists()
