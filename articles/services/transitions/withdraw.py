"""Withdraw a published story."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import User
from django.db import transaction

from press import services as press

from ...exceptions import Conflict
from ...models import Article, LogEntry
from ...selectors.recent_changes import conflict_message
from ...services import validation
from ...workflow.states import State
from ..transitions.engine import lock_and_check, make_transition


def withdraw(
    article: Article, *, user: User, at: dt.datetime, reason: str, version: int | None = None
) -> LogEntry:
    """Withdraw a published story at once; readers see the reason with status 410."""
    with transaction.atomic():
        article = lock_and_check(article, "withdraw", user, at, version)
        note = validation.require_reason(reason)
        entry = make_transition(
            article,
            "withdraw",
            State.WITHDRAWN,
            user=user,
            at=at,
            note=note,
            revision=article.approved_revision,
        )
        assert article.story is not None
        try:
            press.withdraw_story(article.story, reason=note, at=at)
        except press.NotPublished as error:
            raise Conflict(conflict_message(article, at)) from error
    return entry
