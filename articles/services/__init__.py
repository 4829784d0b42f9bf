"""Services that write articles: saves in `drafts`, changes of state in `transitions`."""

from .archive_import import ArchivedArticle, ArchiveMark, archive_articles
from .content_checks import checked_text
from .drafts import (
    article_of_form,
    create_article,
    delete_article,
    log_import,
    save_article,
    store_conflict_copy,
)
from .restoring import restore_revision
from .revisions import head_revision
from .transitions.approve import approve
from .transitions.correct import correct
from .transitions.release import release, unrelease
from .transitions.return_to_author import return_article
from .transitions.spike import restore, spike
from .transitions.submit import recall, submit
from .transitions.take import leave, take
from .transitions.withdraw import withdraw

__all__ = [
    "ArchiveMark",
    "ArchivedArticle",
    "approve",
    "archive_articles",
    "article_of_form",
    "checked_text",
    "correct",
    "create_article",
    "delete_article",
    "head_revision",
    "leave",
    "log_import",
    "recall",
    "release",
    "restore",
    "restore_revision",
    "return_article",
    "save_article",
    "spike",
    "store_conflict_copy",
    "submit",
    "take",
    "unrelease",
    "withdraw",
]
