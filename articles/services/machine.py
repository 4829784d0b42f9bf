"""The machine of a move: look again, ask the table, change state if nobody was first, log it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User
from django.db.models import F, Q
from django.utils.translation import gettext as _

from ..errors import Conflict, Hidden
from ..models import Article, LogEntry, Revision
from ..signals import article_moved
from ..states import State
from . import chain, rules
from .telling import tell_of


def fetch(article: Article) -> Article:
    """Return `article` as it stands now, with what the rules look at, locked.

    Each move begins so, before it looks at a story or anything else: those who come second wait
    and see what the first one did, and nobody waits crosswise. Raises Hidden where it is gone.
    """
    rows = Article.objects.select_related("story", "taken_by", "section")
    found = rows.select_for_update(of=("self",)).filter(pk=article.pk).first()
    if found is None:
        raise Hidden(_("There is no such article."))
    return found


def make_move(
    article: Article,
    move: str,
    to_state: State | str,
    *,
    user: User | None,
    at: dt.datetime,
    note: str = "",
    revision: Revision | None = None,
    only_if: Q | None = None,
    printed: str = "",
    details: Mapping[str, Any] | None = None,
    **changes: Any,
) -> LogEntry:
    """Change state, log it and tell of it, if nobody was first; the caller has checked who may.

    The UPDATE holds state, version and `only_if`; `changes` are further columns, `details` what
    the notice says beside title, name and note, `printed` the seal of the story that it printed.
    Raises Conflict with what happened meanwhile where no row was changed. Call it inside a
    transaction.
    """
    rows = Article.objects.filter(pk=article.pk, state=article.state, version=article.version)
    changes = {"taken_by": None, "taken_at": None, **changes}
    entry = LogEntry(
        article=article,
        move=move,
        from_state=article.state,
        to_state=to_state,
        by=user,
        at=at,
        note=note,
        revision=revision,
        version=article.version + 1,
        printed=printed,
    )
    changes |= {"state": to_state, "version": F("version") + 1, "updated_at": at}
    if not chain.append(entry, rows.filter(only_if or Q()), **changes):
        raise Conflict(rules.meanwhile(article, at, article.version))
    article.refresh_from_db()
    tell_of(article, entry, details or {})
    article_moved.send(sender=Article, article=article, entry=entry)
    return entry


def ready(article: Article, move: str, user: User, at: dt.datetime, version: int | None) -> Article:
    """Return the article as it stands after the checks that every move begins with."""
    fresh = fetch(article)
    rules.require(fresh, move, user, at, version)
    if version is not None and fresh.version != version:
        # The person decided on an older state of the article than there is now.
        raise Conflict(rules.meanwhile(fresh, at, version))
    return fresh
