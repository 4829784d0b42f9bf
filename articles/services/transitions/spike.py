"""Spike an article, and restore a spiked one as a draft."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import User
from django.db import transaction

from ...models import Article, LogEntry
from ...services import validation
from ...workflow.states import State
from .. import permissions
from ..drafts import reset_to
from .engine import lock_and_check, make_transition


@transaction.atomic
def spike(
    article: Article, *, user: User, at: dt.datetime, reason: str, version: int | None = None
) -> LogEntry:
    """Spike an article (不用). A correction in progress is dropped and its story stays up."""
    article = lock_and_check(article, "spike", user, at, version)
    permissions.require_free(article, user, at)
    note = validation.require_reason(reason)
    signed = article.approved_revision
    if article.story is not None and signed is not None:
        entry = make_transition(article, "spike", State.APPROVED, user=user, at=at, note=note)
        reset_to(article, signed, user=user, at=at)
        return entry
    return make_transition(
        article, "spike", State.SPIKED, user=user, at=at, note=note, approved_revision=None
    )


@transaction.atomic
def restore(
    article: Article, *, user: User, at: dt.datetime, reason: str, version: int | None = None
) -> LogEntry:
    """Restore a spiked article as a draft of its author."""
    article = lock_and_check(article, "restore", user, at, version)
    permissions.require_author(article)
    note = validation.require_reason(reason)
    return make_transition(article, "restore", State.DRAFT, user=user, at=at, note=note)
