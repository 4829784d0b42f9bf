"""Approve an article: sign the review that it is in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from bylines.services import contributor_for
from textkit.characters import clean_text

from ...exceptions import Conflict
from ...models import Article, Review
from ...selectors.recent_changes import conflict_message
from ...services import validation
from ...workflow.states import State, next_state
from .. import authorship, permissions
from ..publishing import republish_article
from ..revisions import signed_content
from .engine import lock_and_check, make_transition


def approve(
    article: Article,
    *,
    user: User,
    at: dt.datetime,
    version: int | None,
    note: str = "",
    answers: Mapping[str, str] | None = None,
) -> Review:
    """Sign the current review of `article` over its newest revision, and advance its state.

    `version` is the one that the user read; None is refused, because nobody signs unseen text. The
    last review approves exactly this revision; a correction is republished with it at once. Nobody
    approves two reviews of one round unless the paper allows it, nor their own work. `answers` say,
    for people behind the article with the user's name, whether it is "me" or "other" (see
    `authorship`); they are logged even if the approval fails. Raises Hidden, Forbidden, Conflict,
    Invalid (no version, something missing, blocking proofing findings), UnansweredQuestions.
    """
    validation.require_seen(version)
    contributor_for(user)
    if answers:
        with transaction.atomic():
            locked = lock_and_check(article, "approve", user, at, version)
            permissions.require_free(locked, user, at)
            authorship.note_answers(locked, answers, user=user, at=at)
    try:
        with transaction.atomic():
            return _sign(article, user, at, clean_text(note).strip()[:500], version)
    except IntegrityError as error:
        # The unique signature per review and round: another user signed at the same time.
        raise Conflict(conflict_message(article, at)) from error


def _sign(article: Article, user: User, at: dt.datetime, note: str, version: int | None) -> Review:
    article = lock_and_check(article, "approve", user, at, version)
    permissions.require_free(article, user, at)
    _require_other_reviewer(article, user)
    authorship.require_not_author(article, user)
    revision, content = signed_content(article)
    validation.require_complete(content)
    validation.require_proofed(content)
    validation.require_no_escaped_markup(article, content)
    state = State(article.state)
    plan = permissions.plan_for(article)
    target = next_state(state, plan)
    is_last = target == State.APPROVED
    changes: dict[str, Any] = {"approved_revision": revision} if is_last else {}
    if is_last and article.story is not None:
        article.approved_revision = revision
        changes["printed"] = republish_article(article, at=at)
    make_transition(
        article,
        "approve",
        target,
        user=user,
        at=at,
        note=note,
        revision=revision,
        details={"plan": list(plan)},
        **changes,
    )
    return Review.objects.create(
        article=article,
        round=article.round,
        stage=state,
        revision=revision,
        sha256=revision.sha256,
        reviewer=user,
        note=note,
        at=at,
    )


def _require_other_reviewer(article: Article, user: User) -> None:
    if permissions.has_signed_other(article, user):
        raise Conflict(permissions.other_reviewer_message())
