"""Services that write notifications."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User

from outbox.services import enqueue_many

from .mail_worker import KIND, job_key, payload
from .messages import SENTENCES
from .models import MAILED, MAILED_ONLY, Notification, NotificationChoice, NotificationEvent

#: Maximum number of characters of a quoted text in a notification.
QUOTED = 120


def notify(
    people: Iterable[User],
    event: NotificationEvent,
    message: str,
    *,
    key: str,
    data: Mapping[str, Any],
    url: str,
    at: dt.datetime,
) -> None:
    """Notify each of `people` of `event`, where each has chosen, once for each `key`.

    `message` is a key of `messages.SENTENCES` and `data` its values (texts, numbers, ISO times).
    `key` identifies the subject, such as "article:12:v7"; `url` is a path at the desk. Call it in
    the transaction of the event: e-mails are sent after the commit.
    """
    notify_all([PendingNotification(list(people), event, message, key, data, url)], at=at)


@dataclass(frozen=True, slots=True)
class PendingNotification:
    """Notification of several users; `notify` explains its fields."""

    people: Sequence[User]
    event: NotificationEvent
    message: str
    key: str
    data: Mapping[str, Any]
    url: str


def notify_all(notifications: Sequence[PendingNotification], *, at: dt.datetime) -> None:
    """Send many notifications like `notify`; the number of queries is constant."""
    people = {user.pk for one in notifications for user in one.people}
    made = NotificationChoice.objects.filter(
        user__in=people, event__in={one.event for one in notifications}
    )
    choices = {(choice.user_id, choice.event): choice for choice in made}
    rows = [
        row
        for one in notifications
        for user in {user.pk: user for user in one.people if user.is_active}.values()
        if (row := _notification(one, user, choices.get((user.pk, one.event)), at))
    ]
    Notification.objects.bulk_create(rows, ignore_conflicts=True)
    enqueue_many(KIND, {job_key(row): payload(row) for row in rows if row.by_mail}, at=at)


def _notification(
    one: PendingNotification, user: User, chosen: NotificationChoice | None, at: dt.datetime
) -> Notification | None:
    assert one.message in SENTENCES, one.message
    choice = chosen or by_default(user, one.event)
    mail = choice.by_mail and bool(user.email)
    if not (choice.in_desk or mail):
        return None
    row = Notification(
        user=user, event=one.event, message=one.message, key=one.key, url=one.url, at=at
    )
    row.data = {name: _short(value) for name, value in one.data.items()}
    row.in_desk, row.by_mail = choice.in_desk, mail
    return row


def _short(value: Any) -> Any:
    if isinstance(value, str) and len(value) > QUOTED:
        return value[: QUOTED - 1] + "…"
    return value


def by_default(user: User, event: NotificationEvent) -> NotificationChoice:
    """Return the default choice: urgent events by e-mail too, the others at the desk."""
    in_desk = event not in MAILED_ONLY
    return NotificationChoice(user=user, event=event, in_desk=in_desk, by_mail=event in MAILED)


def choices_of(user: User) -> list[NotificationChoice]:
    """Return the choice of `user`, or the default, for each event in order."""
    made = {choice.event: choice for choice in NotificationChoice.objects.filter(user=user)}
    return [made.get(event) or by_default(user, event) for event in NotificationEvent]


def choose(user: User, wanted: Mapping[NotificationEvent, tuple[bool, bool]]) -> None:
    """Save the choices of `user`: for each event, whether at the desk and by e-mail."""
    rows = [
        NotificationChoice(user=user, event=event, in_desk=in_desk, by_mail=by_mail)
        for event, (in_desk, by_mail) in wanted.items()
    ]
    NotificationChoice.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["user", "event"],
        update_fields=["in_desk", "by_mail"],
    )


def mark_read(user: User, *, at: dt.datetime, pk: int | None = None) -> int:
    """Mark one notification of `user`, or all up to `at`, as read; return how many changed."""
    rows = Notification.objects.of(user).unread().filter(at__lte=at)
    return rows.filter(pk=pk).update(read_at=at) if pk else rows.update(read_at=at)


def mark_resolved(event: NotificationEvent, url: str, *, at: dt.datetime) -> int:
    """Mark all users' notifications of `event` with this `url` as read, as resolved."""
    rows = Notification.objects.unread().filter(event=event, url=url, at__lte=at)
    return rows.update(read_at=at)


def mark_seen(user: User, url: str, *, at: dt.datetime) -> int:
    """Mark the notifications of `user` under `url`, which the user has opened, as read."""
    rows = Notification.objects.of(user).unread().filter(url__startswith=url, at__lte=at)
    return rows.update(read_at=at)
