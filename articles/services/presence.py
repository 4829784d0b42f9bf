"""Who has an article open now: a row for each window, kept alive by its beats."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction

from bylines.services import display_name

from ..models import Article, Presence
from .revisions import hold, pin

#: A window sends a beat every 20 s; without one for this time it is gone.
GONE = dt.timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who has the article open; `is_me` is another window of the person who asks."""

    name: str
    is_editing: bool
    is_me: bool


def beat(
    article: Article,
    *,
    user: User,
    at: dt.datetime,
    tab: str,
    is_editing: bool = False,
    opened_at_version: int | None = None,
) -> list[Person]:
    """Note that the window `tab` of `user` has `article` open; return who else has.

    The first beat of a window names the version that it shows: the revision behind it is kept from
    then on, because what is typed there begins from it. The caller has checked that `user` may see
    the article. Rows whose window is gone are deleted.
    Raises Hidden where the article was deleted meanwhile.
    """
    if opened_at_version is not None:
        pin(article, opened_at_version, user=user, tab=tab)
    Presence.objects.filter(seen_at__lt=at - GONE).delete()
    with transaction.atomic():
        hold(article)
        window = {"article": article, "user": user, "tab": tab}
        seen = {"seen_at": at, "is_editing": is_editing}
        # The lock above lets no second beat of the window in between.
        if not Presence.objects.filter(**window).update(**seen):
            Presence.objects.create(**window, **seen)
    return others(article, user=user, at=at, tab=tab)


def leave(article: Article, *, user: User, tab: str) -> None:
    """Note that the window `tab` of `user` was closed."""
    Presence.objects.filter(article=article, user=user, tab=tab).delete()


def others(article: Article, *, user: User, at: dt.datetime, tab: str) -> list[Person]:
    """Return who has `article` open at `at` beside the window `tab`: each once, editors first."""
    rows = Presence.objects.filter(article=article, seen_at__gte=at - GONE).select_related("user")
    editing: dict[User, bool] = {}
    for row in rows.exclude(user=user, tab=tab).order_by("user_id"):
        editing[row.user] = editing.get(row.user, False) or row.is_editing
    found = [Person(display_name(who), at_it, who == user) for who, at_it in editing.items()]
    return sorted(found, key=lambda person: not person.is_editing)
