"""Everything that writes articles: `drafts` saves, `moves` changes state, `printing` prints."""

from .archiving import Archived, archive_articles
from .drafts import (
    checked_text,
    create_article,
    delete_article,
    keep_aside,
    log_import,
    made_by_form,
    save_article,
)
from .moves import (
    correct,
    leave,
    pass_reading,
    recall,
    restore,
    return_article,
    spike,
    submit,
    take,
)
from .printing import release, unrelease, withdraw
from .revisions import head_revision

__all__ = [
    "Archived",
    "archive_articles",
    "checked_text",
    "correct",
    "create_article",
    "delete_article",
    "head_revision",
    "keep_aside",
    "leave",
    "log_import",
    "made_by_form",
    "pass_reading",
    "recall",
    "release",
    "restore",
    "return_article",
    "save_article",
    "spike",
    "submit",
    "take",
    "unrelease",
    "withdraw",
]
