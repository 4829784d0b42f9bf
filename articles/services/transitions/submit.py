"""Submit an article for review, and recall it while nobody has taken it."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F

from ...models import Article, LogEntry
from ...querysets import free_for
from ...services import validation
from ...workflow.states import State
from .. import permissions
from ..revisions import signed_content
from .engine import lock_and_check, make_transition


@transaction.atomic
def submit(
    article: Article, *, user: User, at: dt.datetime, version: int | None = None
) -> LogEntry:
    """Submit a draft to its first review. Raises Hidden, Forbidden, Conflict, Invalid."""
    article = lock_and_check(article, "submit", user, at, version)
    revision, content = signed_content(article)
    validation.require_complete(content)
    validation.require_no_escaped_markup(article, content)
    return make_transition(
        article,
        "submit",
        permissions.plan_for(article)[0],
        user=user,
        at=at,
        revision=revision,
        submitted_at=at,
        round=F("round") + 1,
    )


@transaction.atomic
def recall(
    article: Article, *, user: User, at: dt.datetime, version: int | None = None
) -> LogEntry:
    """Recall a submitted article while no editor has taken it."""
    article = lock_and_check(article, "recall", user, at, version)
    permissions.require_free(article, user, at)
    return make_transition(
        article, "recall", State.DRAFT, user=user, at=at, only_if=free_for(None, at)
    )
