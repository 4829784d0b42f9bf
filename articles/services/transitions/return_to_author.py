"""Return an article to its author with a reason."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import User
from django.db import transaction

from ...models import Article, LogEntry
from ...services import validation
from ...workflow.states import State
from .. import permissions
from ..revisions import head_revision
from .engine import lock_and_check, make_transition


@transaction.atomic
def return_article(
    article: Article, *, user: User, at: dt.datetime, reason: str, version: int | None = None
) -> LogEntry:
    """Return an article to its author with a reason (退改).

    Raises Conflict also where no author has a login: nobody could change the article.
    """
    article = lock_and_check(article, "return", user, at, version)
    permissions.require_free(article, user, at)
    permissions.require_author(article)
    note = validation.require_reason(reason)
    revision = head_revision(article)
    return make_transition(
        article, "return", State.DRAFT, user=user, at=at, note=note, revision=revision
    )
