"""Queryset of notifications: each user sees only their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser, User
from django.db import models

if TYPE_CHECKING:
    from .models import Notification  # noqa: F401 - named in a string below


class NotificationQuerySet(models.QuerySet["Notification"]):
    """Queryset of notifications."""

    def of(self, user: User | AnonymousUser) -> NotificationQuerySet:
        """Return the notifications that the desk shows to `user`, newest first."""
        return self.filter(user_id=user.pk or 0, in_desk=True)

    def unread(self) -> NotificationQuerySet:
        """Return unread notifications."""
        return self.filter(read_at=None)
