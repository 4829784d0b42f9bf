"""Bulk import of stories that an old issue has printed already.

The result equals saving and publishing each story; the number of queries does not depend on their
number.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import prefetch_related_objects

from paper.querysets import counts_marks, get_paper
from press.models import EditionPage
from press.services.tags import tags_named
from press.snapshot_hash import RELATIONS, snapshot_sha256
from textkit.digest import utc

from ..content import Content
from ..exceptions import Invalid
from ..models import Article, ArticlePhoto, ArticleTown, Byline, LogEntry, Revision
from ..workflow.states import State
from . import audit_log, search_index
from .content_checks import checked_text
from .drafts import apply_content, byline_rows, photo_rows
from .publishing import PrintedPlace, publish_articles


@dataclass(frozen=True, slots=True)
class ArchivedArticle:
    """One old story: its content, its place in print, and the key of its source text.

    Section, towns, writers and photos of the content exist: the caller has matched them. `file` is
    the name of the source file, "" for pasted text.
    """

    content: Content
    import_key: str
    page: EditionPage
    position: int
    file: str = ""


@dataclass(frozen=True, slots=True)
class ArchiveMark:
    """The person responsible for old stories that are imported without reviews.

    `user` is None for the console operator, whom `operator` names. The mark becomes a sealed row of
    the log with the source file, so it is permanent.
    """

    operator: str
    user: User | None = None


def archive_articles(
    rows: Sequence[ArchivedArticle], *, mark: ArchiveMark, at: dt.datetime, release_at: dt.datetime
) -> list[Article]:
    """Import old stories, publish them in their place, and return their articles.

    They are published without reviews: the log says "archive", with `mark`. Raises Invalid with the
    problems to fix.
    """
    user = mark.user
    if not rows:
        return []
    contents = [_clean(row.content) for row in rows]
    with transaction.atomic():
        articles = _articles(rows, contents, at)
        _save_relations(articles, contents)
        search_index.index_articles(list(zip(articles, contents, strict=True)))
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
        publish_articles(
            [
                PrintedPlace(article, row.page, row.position)
                for article, row in zip(articles, rows, strict=True)
            ],
            release_at=release_at,
        )
        _log(articles, rows, mark, release_at, at)
    return articles


def _clean(content: Content) -> Content:
    clean, problems = checked_text(content)
    if problems:
        raise Invalid(problems)
    return clean


def _articles(
    rows: Sequence[ArchivedArticle], contents: Sequence[Content], at: dt.datetime
) -> list[Article]:
    articles, marks = [], counts_marks()
    for row, content in zip(rows, contents, strict=True):
        # The article has no author here: the importer may sign its correction.
        article = Article(created_at=at, updated_at=at, import_key=row.import_key)
        apply_content(article, content, marks=marks)
        articles.append(article)
    return Article.objects.bulk_create(articles)


def _save_relations(articles: Sequence[Article], contents: Sequence[Content]) -> None:
    pairs = list(zip(articles, contents, strict=True))
    ArticleTown.objects.bulk_create(
        ArticleTown(article=article, town_id=pk)
        for article, content in pairs
        for pk in content.towns
    )
    Byline.objects.bulk_create(row for pair in pairs for row in byline_rows(*pair))
    ArticlePhoto.objects.bulk_create(row for pair in pairs for row in photo_rows(*pair))
    for article, content in pairs:
        # Text from page files has no tags; other sources have few.
        if content.tags:
            article.tags.set(tags_named(content.tags).values())


def _log(
    articles: Sequence[Article],
    rows: Sequence[ArchivedArticle],
    mark: ArchiveMark,
    release_at: dt.datetime,
    at: dt.datetime,
) -> None:
    """Seal the import as the first row of each article's chain, and store the chains."""
    stories = [article.story for article in articles if article.story is not None]
    prefetch_related_objects(stories, *RELATIONS)
    details = {
        "operator": mark.operator,
        "release_at": utc(release_at),
        "start_date": get_paper().start_date.isoformat(),
    }
    entries = [
        LogEntry(
            article=article,
            transition="archive",
            from_state=State.DRAFT,
            to_state=State.APPROVED,
            by=mark.user,
            at=at,
            revision=article.approved_revision,
            printed=snapshot_sha256(story),
            details={**details, "file": row.file},
        )
        for article, story, row in zip(articles, stories, rows, strict=True)
    ]
    audit_log.begin(entries, by=mark.user, name=mark.operator)
    Article.objects.bulk_update(articles, ["state", "approved_revision", "story", "chain"])
