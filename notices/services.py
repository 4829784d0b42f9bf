"""Everything that writes notices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
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
    tell_all([Telling(list(people), event, message, key, data, url)], at=at)


@dataclass(frozen=True, slots=True)
class Telling:
    """One thing that some people are told; what its parts are stands in `tell`."""

    people: Sequence[User]
    event: Event
    message: str
    key: str
    data: Mapping[str, Any]
    url: str


def tell_all(tellings: Sequence[Telling], *, at: dt.datetime) -> None:
    """Tell many things as `tell` tells one; the number of queries does not depend on how many."""
    people = {user.pk for one in tellings for user in one.people}
    made = Choice.objects.filter(user__in=people, event__in={one.event for one in tellings})
    choices = {(choice.user_id, choice.event): choice for choice in made}
    rows = [
        row
        for one in tellings
        for user in {user.pk: user for user in one.people if user.is_active}.values()
        if (row := _notice(one, user, choices.get((user.pk, one.event)), at))
    ]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    if any(row.by_mail for row in rows):
        transaction.on_commit(postman.wake)


def _notice(one: Telling, user: User, made: Choice | None, at: dt.datetime) -> Notice | None:
    assert one.message in SENTENCES, one.message
    choice = made or by_default(user, one.event)
    mail = choice.by_mail and bool(user.email)
    if not (choice.in_desk or mail):
        return None
    row = Notice(user=user, event=one.event, message=one.message, key=one.key, url=one.url, at=at)
    row.data = {name: _short(value) for name, value in one.data.items()}
    row.in_desk, row.by_mail = choice.in_desk, mail
    row.mail_next_at = at if mail else None
    return row


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
