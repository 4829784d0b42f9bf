"""Open a published story for correction."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from press.models import Correction

from ...exceptions import Invalid
from ...models import Article, LogEntry
from ...services import validation
from ...workflow.states import State
from .. import permissions
from .engine import lock_and_check, make_transition


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
    """Open a published story for correction; it stays up while it is reviewed again.

    `kind` is update, correction or apology; `reason` is the public note above the story.
    """
    article = lock_and_check(article, "correct", user, at, version)
    note = validation.require_reason(reason)
    if kind not in Correction.Kind.values:
        raise Invalid([_("Please choose the kind of correction.")])
    plan = permissions.plan_for(article)
    first = State.SECOND_REVIEW if State.SECOND_REVIEW in plan else State.FINAL_REVIEW
    return make_transition(
        article,
        "correct",
        first,
        user=user,
        at=at,
        note=note,
        round=F("round") + 1,
        details={"kind": kind},
        correction_kind=kind,
        correction_note=note,
        submitted_at=at,
    )
