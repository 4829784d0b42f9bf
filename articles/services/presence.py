"""Presence: which users have an article open, one row per window, refreshed by heartbeats."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction

from bylines.services import display_name

from ..models import Article, Presence
from .revisions import lock_article, pin

#: A window sends a heartbeat every 20 s; without one for this time it counts as closed.
GONE = dt.timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class PresentUser:
    """A user who has the article open; `is_me` marks another window of the same user."""

    name: str
    is_editing: bool
    is_me: bool


def beat(
    article: Article,
    *,
    user: User,
    at: dt.datetime,
    window_id: str,
    is_editing: bool = False,
    opened_at_version: int | None = None,
) -> list[PresentUser]:
    """Record that the window `window_id` of `user` has `article` open; return the other users.

    The first heartbeat of a window names the version that it shows. The revision behind it is made
    permanent, because the user's text is based on it. The caller has checked that `user` may see
    the article. Rows of closed windows are deleted. Raises Hidden where the article was deleted in
    the meantime.
    """
    if opened_at_version is not None:
        pin(article, opened_at_version, user=user, window_id=window_id)
    Presence.objects.filter(seen_at__lt=at - GONE).delete()
    with transaction.atomic():
        lock_article(article)
        window = {"article": article, "user": user, "window_id": window_id}
        seen = {"seen_at": at, "is_editing": is_editing}
        # The lock above excludes a simultaneous heartbeat of the window.
        if not Presence.objects.filter(**window).update(**seen):
            Presence.objects.create(**window, **seen)
    return others(article, user=user, at=at, window_id=window_id)


def leave(article: Article, *, user: User, window_id: str) -> None:
    """Record that the window `window_id` of `user` was closed."""
    Presence.objects.filter(article=article, user=user, window_id=window_id).delete()


def others(article: Article, *, user: User, at: dt.datetime, window_id: str) -> list[PresentUser]:
    """Return the users with `article` open in other windows at `at`, once each, editors first."""
    rows = Presence.objects.filter(article=article, seen_at__gte=at - GONE).select_related("user")
    editing: dict[User, bool] = {}
    for row in rows.exclude(user=user, window_id=window_id).order_by("user_id"):
        editing[row.user] = editing.get(row.user, False) or row.is_editing
    found = [PresentUser(display_name(who), at_it, who == user) for who, at_it in editing.items()]
    return sorted(found, key=lambda person: not person.is_editing)
