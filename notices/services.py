"""Everything that writes notices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from . import postman
from .models import MAILED, Choice, Event, Notice
from .words import SENTENCES

#: What a person wrote is quoted in a notice up to this many characters.
QUOTED = 120


def tell(
    people: Iterable[User],
    event: Event,
    message: str,
    *,
    key: str,
    data: Mapping[str, Any],
    url: str,
    at: dt.datetime,
) -> None:
    """Tell each of `people` of `event`, where each has chosen to be told, once for each `key`.

    `message` is a key of `words.SENTENCES` and `data` its values (texts, numbers, ISO times);
    `key` names the thing told, such as "article:12:v7"; `url` is a path at the desk. Call it
    inside the transaction of what it tells of: letters go out after the commit.
    """
    assert message in SENTENCES, message
    users = {user.pk: user for user in people if user.is_active}
    choices = {c.user_id: c for c in Choice.objects.filter(user__in=users, event=event)}
    values = {name: _short(value) for name, value in data.items()}
    rows = []
    for pk, user in users.items():
        choice = choices.get(pk) or by_default(user, event)
        mail = choice.by_mail and bool(user.email)
        if choice.in_desk or mail:
            row = Notice(user=user, event=event, message=message, key=key, url=url, at=at)
            row.data, row.in_desk, row.by_mail = values, choice.in_desk, mail
            row.mail_next_at = at if mail else None
            rows.append(row)
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    if any(row.by_mail for row in rows):
        transaction.on_commit(postman.wake)


def _short(value: Any) -> Any:
    if isinstance(value, str) and len(value) > QUOTED:
        return value[: QUOTED - 1] + "…"
    return value


def by_default(user: User, event: Event) -> Choice:
    """Return what somebody is told who never chose: everything at the desk, the urgent by mail."""
    return Choice(user=user, event=event, in_desk=True, by_mail=event in MAILED)


def choices_of(user: User) -> list[Choice]:
    """Return the choice of `user` for each event, in order, those never made as by default."""
    made = {choice.event: choice for choice in Choice.objects.filter(user=user)}
    return [made.get(event) or by_default(user, event) for event in Event]


def choose(user: User, wanted: Mapping[Event, tuple[bool, bool]]) -> None:
    """Keep what `user` wants to be told: for each event whether in the desk and by e-mail."""
    rows = [
        Choice(user=user, event=event, in_desk=in_desk, by_mail=by_mail)
        for event, (in_desk, by_mail) in wanted.items()
    ]
    Choice.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["user", "event"],
        update_fields=["in_desk", "by_mail"],
    )


def mark_read(user: User, *, at: dt.datetime, pk: int | None = None) -> int:
    """Mark one notice of `user`, or all up to `at`, as read; return how many were unread."""
    rows = Notice.objects.of(user).unread().filter(at__lte=at)
    return rows.filter(pk=pk).update(read_at=at) if pk else rows.update(read_at=at)


def settle(event: Event, url: str, *, at: dt.datetime) -> int:
    """Mark everybody's notices of `event` about the place `url` as read: it is over."""
    rows = Notice.objects.unread().filter(event=event, url=url, at__lte=at)
    return rows.update(read_at=at)


def mark_seen(user: User, url: str, *, at: dt.datetime) -> int:
    """Mark the notices of `user` about the place `url`, which he has open, as read."""
    rows = Notice.objects.of(user).unread().filter(url__startswith=url, at__lte=at)
    return rows.update(read_at=at)
