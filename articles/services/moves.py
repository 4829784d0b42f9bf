"""The moves between the states: each one conditional UPDATE and its log row, in one transaction."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from press.models import Correction

from ..content import Content, from_json
from ..errors import Conflict, Invalid
from ..models import Article, LogEntry, Reading, Revision
from ..querysets import free_for
from ..states import State, next_state
from . import rules
from .drafts import reset_to
from .machine import make_move, ready
from .printing import reprint_article
from .revisions import head_revision


def _signed_content(article: Article) -> tuple[Revision, Content]:
    revision = head_revision(article)
    assert revision is not None, "an article is created with its first revision"
    return revision, from_json(revision.content)


@transaction.atomic
def submit(
    article: Article, *, user: User, at: dt.datetime, version: int | None = None
) -> LogEntry:
    """Send a draft to its first reading. Raises Hidden, Forbidden, Conflict, Invalid."""
    article = ready(article, "submit", user, at, version)
    revision, content = _signed_content(article)
    rules.require_complete(content)
    return make_move(
        article,
        "submit",
        rules.plan_for(article)[0],
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
    """Take a submitted article back while no editor has taken it."""
    article = ready(article, "recall", user, at, version)
    rules.require_free(article, user, at)
    return make_move(article, "recall", State.DRAFT, user=user, at=at, only_if=free_for(None, at))


@transaction.atomic
def take(article: Article, *, user: User, at: dt.datetime, version: int | None = None) -> LogEntry:
    """Take an article for its reading; one person at a time, free again after 30 minutes."""
    article = ready(article, "take", user, at, version)
    rules.require_free(article, user, at)
    if article.held_by(at) == user:
        raise Conflict(_("You have taken this article already."))
    free = free_for(user, at)
    return make_move(
        article, "take", article.state, user=user, at=at, only_if=free, taken_by=user, taken_at=at
    )


@transaction.atomic
def leave(article: Article, *, user: User, at: dt.datetime, version: int | None = None) -> LogEntry:
    """Give a taken article back to the queue."""
    article = ready(article, "leave", user, at, version)
    rules.require_free(article, user, at)
    if article.taken_by_id != user.pk:
        raise Conflict(_("You have not taken this article."))
    return make_move(article, "leave", article.state, user=user, at=at)


def pass_reading(
    article: Article, *, user: User, at: dt.datetime, note: str = "", version: int | None = None
) -> Reading:
    """Sign the reading that `article` is in, over its newest revision, and send it on.

    The last reading approves exactly this revision; a correction is reprinted with it at once.
    Nobody passes two readings of one round unless the paper allows it. Raises Hidden, Forbidden,
    Conflict, Invalid (something missing, blocking proofing findings).
    """
    try:
        with transaction.atomic():
            return _pass(article, user, at, note.replace("\0", "").strip()[:500], version)
    except IntegrityError as error:
        # The unique signature per reading and round: somebody signed in the same instant.
        raise Conflict(rules.meanwhile(article, at)) from error


def _pass(article: Article, user: User, at: dt.datetime, note: str, version: int | None) -> Reading:
    article = ready(article, "pass", user, at, version)
    rules.require_free(article, user, at)
    _require_other_reader(article, user)
    rules.require_not_writer(article, user)
    revision, content = _signed_content(article)
    rules.require_complete(content)
    rules.require_proofed(content)
    state = State(article.state)
    target = next_state(state, rules.plan_for(article))
    is_last = target == State.APPROVED
    changes: dict[str, Any] = {"approved_revision": revision} if is_last else {}
    if is_last and article.story is not None:
        article.approved_revision = revision
        changes["printed"] = reprint_article(article, at=at)
    make_move(article, "pass", target, user=user, at=at, note=note, revision=revision, **changes)
    return Reading.objects.create(
        article=article,
        round=article.round,
        reading=state,
        revision=revision,
        sha256=revision.sha256,
        reader=user,
        note=note,
        at=at,
    )


def _require_other_reader(article: Article, user: User) -> None:
    if rules.has_signed_other(article, user):
        raise Conflict(rules.other_reader_words())


@transaction.atomic
def return_article(
    article: Article, *, user: User, at: dt.datetime, reason: str, version: int | None = None
) -> LogEntry:
    """Send an article back to its author with the reason (退改).

    Raises Conflict too where no author has a login: nobody could change it.
    """
    article = ready(article, "return", user, at, version)
    rules.require_free(article, user, at)
    rules.require_author(article)
    note = rules.require_reason(reason)
    revision = head_revision(article)
    return make_move(article, "return", State.DRAFT, user=user, at=at, note=note, revision=revision)


@transaction.atomic
def spike(
    article: Article, *, user: User, at: dt.datetime, reason: str, version: int | None = None
) -> LogEntry:
    """Decide against an article (不用). A correction under way is dropped, its story stays up."""
    article = ready(article, "spike", user, at, version)
    rules.require_free(article, user, at)
    note = rules.require_reason(reason)
    signed = article.approved_revision
    if article.story is not None and signed is not None:
        entry = make_move(article, "spike", State.APPROVED, user=user, at=at, note=note)
        reset_to(article, signed, user=user, at=at)
        return entry
    return make_move(
        article, "spike", State.SPIKED, user=user, at=at, note=note, approved_revision=None
    )


@transaction.atomic
def restore(
    article: Article, *, user: User, at: dt.datetime, reason: str, version: int | None = None
) -> LogEntry:
    """Give a spiked article back to its author as a draft."""
    article = ready(article, "restore", user, at, version)
    rules.require_author(article)
    note = rules.require_reason(reason)
    return make_move(article, "restore", State.DRAFT, user=user, at=at, note=note)


@transaction.atomic
def correct(
    article: Article,
    *,
    user: User,
    at: dt.datetime,
    kind: str,
    reason: str,
    version: int | None = None,
) -> LogEntry:
    """Open a story in print for correction; it goes through the readings again and stays up.

    `kind` is update, correction or apology; `reason` is the public note that will stand on top.
    """
    article = ready(article, "correct", user, at, version)
    note = rules.require_reason(reason)
    if kind not in Correction.Kind.values:
        raise Invalid([_("Please choose what kind of correction it is.")])
    plan = rules.plan_for(article)
    first = State.SECOND_READING if State.SECOND_READING in plan else State.FINAL_READING
    return make_move(
        article,
        "correct",
        first,
        user=user,
        at=at,
        note=note,
        round=F("round") + 1,
        correction_kind=kind,
        correction_note=note,
        submitted_at=at,
    )
