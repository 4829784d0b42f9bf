"""Models of logins: links, events, throttling, and the table of the shared cache."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Link(models.Model):
    """Link by which one user chooses a password, once and within some days.

    The link itself is shown once; only its SHA-256 is stored.
    """

    class Kind(models.TextChoices):
        """Purpose of a link."""

        INVITE = "invite", _("invitation")
        RESET = "reset", _("new password")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="links")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    token_sha256 = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        ordering = ["-made_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(used_at=None, revoked_at=None),
                name="link_one_open_per_login",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.user_id}"

    def is_open(self, at: dt.datetime) -> bool:
        """Return whether the link still works at `at`."""
        return self.used_at is None and self.revoked_at is None and at < self.expires_at


class AccountEvent(models.Model):
    """Event in the life of a login: what was done, when and by whom."""

    class What(models.TextChoices):
        """Kinds of events."""

        INVITED = "invited", _("invited")
        LINK = "link", _("link created")
        REVOKED = "revoked", _("link revoked")
        PASSWORD = "password", _("password chosen")
        LETTER = "letter", _("password reset by e-mail")
        ROLES = "roles", _("roles changed")
        NAME = "name", _("user name changed")
        ADDRESS = "address", _("e-mail address changed")
        DEACTIVATED = "deactivated", _("deactivated")
        REACTIVATED = "reactivated", _("reactivated")
        FACTOR_REMOVED = "factor_removed", _("two-step verification removed")
        FACTOR_RENEWED = "factor_renewed", _("two-step verification moved to a new phone")
        SESSIONS_ENDED = "sessions_ended", _("sessions ended")
        BYLINE = "byline", _("byline changed")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="events")
    what = models.CharField(max_length=20, choices=What.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("account event")
        verbose_name_plural = _("account events")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.what} {self.user_id}"


class Throttle(models.Model):
    """Count of failed authentication attempts under a key; see `accounts.throttle`.

    It is a table, not the cache: a lock of the row makes concurrent attempts count, and a count is
    never evicted.
    """

    key = models.CharField(max_length=64, primary_key=True)
    #: Hash of the login that the count belongs to: a new password drops all its counts.
    subject = models.CharField(max_length=64, blank=True, db_index=True)
    failures = models.FloatField(default=0)
    at = models.DateTimeField(db_index=True)
    open_at = models.DateTimeField(null=True)
    #: Time at which a delayed client may try, set by the count of the whole login.
    turn_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.key


class CacheEntry(models.Model):
    """Table of the shared cache, in the format of Django's DatabaseCache.

    It is a model so that `migrate` creates the table. Only the cache reads and writes it.
    """

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "newsroom_cache"

    def __str__(self) -> str:
        return self.cache_key
