"""Take an article for review, and give it back to the queue."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from ...exceptions import Conflict
from ...models import Article, LogEntry
from ...querysets import free_for
from .. import permissions
from .engine import lock_and_check, make_transition


@transaction.atomic
def take(article: Article, *, user: User, at: dt.datetime, version: int | None = None) -> LogEntry:
    """Take an article for review, for one user at a time; free again after 30 idle minutes."""
    article = lock_and_check(article, "take", user, at, version)
    permissions.require_free(article, user, at)
    if article.held_by(at) == user:
        raise Conflict(_("You have already taken this article."))
    free = free_for(user, at)
    return make_transition(
        article, "take", article.state, user=user, at=at, only_if=free, taken_by=user, taken_at=at
    )


@transaction.atomic
def leave(article: Article, *, user: User, at: dt.datetime, version: int | None = None) -> LogEntry:
    """Give a taken article back to the queue."""
    article = lock_and_check(article, "leave", user, at, version)
    permissions.require_free(article, user, at)
    if article.taken_by_id != user.pk:
        raise Conflict(_("You have not taken this article."))
    return make_transition(article, "leave", article.state, user=user, at=at)
