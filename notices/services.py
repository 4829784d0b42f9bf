"""Everything that writes notices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.contrib.auth.models import User

from .models import Choice, Event, Notice


def tell(
    people: Iterable[User],
    event: Event,
    *,
    key: str,
    text: str,
    url: str,
    at: dt.datetime,
) -> None:
    """Tell each of `people` of `event`, as each has chosen, once for each `key`.

    `key` names the thing told, such as "article:12:v7"; `text` is a sentence in the paper's
    language, `url` a path at the desk. Call it inside the transaction of what it tells of.
    """
    users = {user.pk: user for user in people if user.is_active}
    choices = {c.user_id: c for c in Choice.objects.filter(user__in=users, event=event)}
    rows = []
    for pk, user in users.items():
        choice = choices.get(pk) or Choice(user=user, event=event)
        mail = choice.by_mail and bool(user.email)
        if not (choice.in_desk or mail):
            continue
        row = Notice(user=user, event=event, key=key, text=text[:300], url=url, at=at)
        row.in_desk, row.by_mail, row.mail_next_at = choice.in_desk, mail, at if mail else None
        rows.append(row)
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
