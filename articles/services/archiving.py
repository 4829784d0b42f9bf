"""Stories that an old issue has printed already: brought in and put in print, many at once.

The result is what saving and printing one after the other would make; the number of queries does
not depend on how many there are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import prefetch_related_objects

from press.frozen import frozen_sha
from press.models import EditionPage

from ..content import Content
from ..errors import Invalid
from ..models import Article, ArticlePhoto, Byline, LogEntry, Revision
from ..states import State
from . import chain, indexing
from .drafts import apply_content, byline_rows, checked_text, photo_rows
from .printing import Place, print_articles


@dataclass(frozen=True, slots=True)
class Archived:
    """One old story: its content, where it stood, and the key of the text that it was read from.

    Section, towns, writers and photos of the content are there: who reads the page looked them up.
    """

    content: Content
    import_key: str
    page: EditionPage
    position: int


def archive_articles(
    rows: Sequence[Archived], *, user: User | None, at: dt.datetime, release_at: dt.datetime
) -> list[Article]:
    """Bring in old stories, and put them in print where they stood; return their articles.

    They are in print without readings of ours: the log says "archive", and by whom (None is the
    operator at the console). Raises Invalid with what a person must mend.
    """
    if not rows:
        return []
    contents = [_clean(row.content) for row in rows]
    with transaction.atomic():
        articles = _articles(rows, contents, user, at)
        _relate(articles, contents)
        indexing.put_all(list(zip(articles, contents, strict=True)))
        revisions = Revision.objects.bulk_create(
            Revision(
                article=article,
                number=1,
                content=content.as_json(),
                sha256=content.sha256,
                base_version=article.version,
                saved_by=user,
                saved_at=at,
            )
            for article, content in zip(articles, contents, strict=True)
        )
        for article, revision in zip(articles, revisions, strict=True):
            article.state, article.approved_revision = State.APPROVED, revision
        print_articles(
            [
                Place(article, row.page, row.position)
                for article, row in zip(articles, rows, strict=True)
            ],
            release_at=release_at,
        )
        _log(articles, user, at)
    return articles


def _clean(content: Content) -> Content:
    clean, problems = checked_text(content)
    if problems:
        raise Invalid(problems)
    return clean


def _articles(
    rows: Sequence[Archived], contents: Sequence[Content], user: User | None, at: dt.datetime
) -> list[Article]:
    articles = []
    for row, content in zip(rows, contents, strict=True):
        article = Article(created_by=user, created_at=at, updated_at=at, import_key=row.import_key)
        apply_content(article, content)
        articles.append(article)
    return Article.objects.bulk_create(articles)


def _relate(articles: Sequence[Article], contents: Sequence[Content]) -> None:
    pairs = list(zip(articles, contents, strict=True))
    Article.towns.through.objects.bulk_create(
        Article.towns.through(article=article, town_id=pk)
        for article, content in pairs
        for pk in content.towns
    )
    Byline.objects.bulk_create(row for pair in pairs for row in byline_rows(*pair))
    ArticlePhoto.objects.bulk_create(row for pair in pairs for row in photo_rows(*pair))
    for article, content in pairs:
        # A page's text has no tags; what else may bring some in brings few.
        if content.tags:
            article.tags.set(content.tags)


def _log(articles: Sequence[Article], user: User | None, at: dt.datetime) -> None:
    """Seal what came in as the first row of each article's chain, and store where they are."""
    stories = [article.story for article in articles if article.story is not None]
    prefetch_related_objects(stories, "storycontributor_set", "photos")
    entries = [
        LogEntry(
            article=article,
            move="archive",
            from_state=State.DRAFT,
            to_state=State.APPROVED,
            by=user,
            at=at,
            revision=article.approved_revision,
            printed=frozen_sha(story),
        )
        for article, story in zip(articles, stories, strict=True)
    ]
    chain.begin(entries, by=user)
    Article.objects.bulk_update(articles, ["state", "approved_revision", "story", "chain"])
