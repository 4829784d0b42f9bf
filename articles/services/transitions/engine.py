"""Engine of transitions: reload and lock, check the table, update conditionally, and log."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.db.models import F, Q
from django.utils.translation import gettext as _

from ...exceptions import Conflict, Hidden
from ...issue_plan import issue_plan
from ...models import Article, LogEntry, Revision
from ...selectors.recent_changes import conflict_message
from ...workflow.states import State
from .. import audit_log, permissions
from ..notifications import notify_transition


def lock_article(article: Article) -> Article:
    """Return the current `article`, locked, with the related rows that the rules need.

    Each transition locks the article first, before it reads a story or anything else. A concurrent
    transition waits and then sees the result, and deadlocks are impossible. Raises Hidden where the
    article is deleted.
    """
    rows = Article.objects.select_related("story", "taken_by", "section")
    found = rows.select_for_update(of=("self",)).filter(pk=article.pk).first()
    if found is None:
        raise Hidden(_("There is no such article."))
    return found


def make_transition(
    article: Article,
    transition: str,
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
    """Change the state, log it and notify, unless another user was first.

    The caller has checked the permission. The UPDATE is conditional on state, version and
    `only_if`. `changes` are further columns; `details` is stored in the log row beside the note;
    `printed` is the seal of the story that was published. Raises Conflict, which describes what
    happened since, where no row was updated. Call it inside a transaction.
    """
    rows = Article.objects.filter(pk=article.pk, state=article.state, version=article.version)
    changes = {"taken_by": None, "taken_at": None, **changes}
    entry = LogEntry(
        article=article,
        transition=transition,
        from_state=article.state,
        to_state=to_state,
        by=user,
        at=at,
        note=note,
        revision=revision,
        version=article.version + 1,
        printed=printed,
        details=dict(details or {}),
    )
    changes |= {"state": to_state, "version": F("version") + 1, "updated_at": at}
    if not audit_log.append(entry, rows.filter(only_if or Q()), **changes):
        raise Conflict(conflict_message(article, at, article.version))
    article.refresh_from_db()
    notify_transition(article, entry)
    issue_plan().after_transition(article, entry)
    return entry


@dataclass(frozen=True, slots=True)
class TransitionPart:
    """One article's part in a bulk transition."""

    article: Article
    note: str = ""
    printed: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


def lock_articles(pks: Iterable[int]) -> list[Article]:
    """Return the articles with the related rows that publication needs, locked in order of id."""
    rows = Article.objects.select_related(
        "story__page__edition", "taken_by", "section", "approved_revision"
    )
    locked = rows.select_for_update(of=("self",)).filter(pk__in=list(pks))
    return list(locked.order_by("pk"))


def make_transitions(
    parts: Sequence[TransitionPart], transition: str, *, user: User | None, at: dt.datetime
) -> list[LogEntry]:
    """Make one transition, which keeps the state, on many articles at once: all or none.

    The articles come from `lock_articles`, with `story` set to its new value. The number of queries
    does not depend on their number. Returns the log entries; the caller sends the notifications.
    Raises Conflict where another user was first. Call it inside a transaction.
    """
    entries = [
        LogEntry(
            article=part.article,
            transition=transition,
            from_state=part.article.state,
            to_state=part.article.state,
            by=user,
            at=at,
            note=part.note,
            revision=part.article.approved_revision,
            version=part.article.version + 1,
            printed=part.printed,
            details=dict(part.details),
        )
        for part in parts
    ]
    if not entries:
        return []
    changes = {"taken_by": None, "taken_at": None, "version": F("version") + 1, "updated_at": at}
    if not audit_log.append_all(entries, by=user, **changes):
        raise Conflict(_("Somebody has just changed one of the articles. Please check again."))
    for entry in entries:
        article = entry.article
        article.version, article.taken_by, article.taken_at = entry.version, None, None
        issue_plan().after_transition(article, entry)
    return entries


def lock_and_check(
    article: Article, transition: str, user: User, at: dt.datetime, version: int | None
) -> Article:
    """Return the current article, locked, after the checks that every transition begins with."""
    fresh = lock_article(article)
    permissions.require(fresh, transition, user, at, version)
    if version is not None and fresh.version != version:
        # The user decided on an older version of the article.
        raise Conflict(conflict_message(fresh, at, version))
    return fresh
