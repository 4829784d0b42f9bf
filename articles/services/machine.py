"""The machine of a move: look again, ask the table, change state if nobody was first, log it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Deed:
    """One article's part in a move that many make at once."""

    article: Article
    note: str = ""
    printed: str = ""


def fetch_all(pks: Iterable[int]) -> list[Article]:
    """Return the articles as they stand now, with what print looks at, locked in one order."""
    rows = Article.objects.select_related(
        "story__page__edition", "taken_by", "section", "approved_revision"
    )
    locked = rows.select_for_update(of=("self",)).filter(pk__in=list(pks))
    return list(locked.order_by("pk"))


def make_moves(
    deeds: Sequence[Deed], move: str, *, user: User | None, at: dt.datetime
) -> list[LogEntry]:
    """Make one move, which keeps the state, with many articles at once: all or none.

    The articles are from `fetch_all`, their `story` as it is to be. The number of queries does not
    depend on how many there are. Returns the log entries; the caller tells of them. Raises
    Conflict where somebody was first. Call it inside a transaction.
    """
    entries = [
        LogEntry(
            article=deed.article,
            move=move,
            from_state=deed.article.state,
            to_state=deed.article.state,
            by=user,
            at=at,
            note=deed.note,
            revision=deed.article.approved_revision,
            version=deed.article.version + 1,
            printed=deed.printed,
        )
        for deed in deeds
    ]
    if not entries:
        return []
    changes = {"taken_by": None, "taken_at": None, "version": F("version") + 1, "updated_at": at}
    if not chain.append_all(entries, by=user, **changes):
        raise Conflict(_("Somebody changed one of the articles meanwhile. Please look again."))
    for entry in entries:
        article = entry.article
        article.version, article.taken_by, article.taken_at = entry.version, None, None
        article_moved.send(sender=Article, article=article, entry=entry)
    return entries


def ready(article: Article, move: str, user: User, at: dt.datetime, version: int | None) -> Article:
    """Return the article as it stands after the checks that every move begins with."""
    fresh = fetch(article)
    rules.require(fresh, move, user, at, version)
    if version is not None and fresh.version != version:
        # The person decided on an older state of the article than there is now.
        raise Conflict(rules.meanwhile(fresh, at, version))
    return fresh
