"""What may be read of notices: each person sees his own."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser, User
from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from .models import Notice  # noqa: F401 - named in a string below

#: A letter that a process began to send and never finished is begun anew after this time.
CLAIM = dt.timedelta(minutes=10)
#: After so many tries a letter is given up; the desk still shows the notice.
MAX_TRIES = 12


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Notices."""

    def of(self, user: User | AnonymousUser) -> NoticeQuerySet:
        """Return what the desk shows to `user`, newest first."""
        return self.filter(user_id=user.pk or 0, in_desk=True)

    def unread(self) -> NoticeQuerySet:
        """Return those that nobody has read."""
        return self.filter(read_at=None)

    def to_mail(self, at: dt.datetime) -> NoticeQuerySet:
        """Return the letters that are due at `at` and that nobody is sending."""
        free = Q(mail_claimed_at=None) | Q(mail_claimed_at__lt=at - CLAIM)
        return self.filter(
            free, by_mail=True, mailed_at=None, mail_next_at__lte=at, mail_tries__lt=MAX_TRIES
        )
