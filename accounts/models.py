"""Links by which a person gets into his login, what was done to logins, and the shared cache."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Link(models.Model):
    """A link that lets one person choose a password, once and for some days.

    The link itself is shown once; kept is its SHA-256.
    """

    class Kind(models.TextChoices):
        """What the link is for."""

        INVITE = "invite", _("invitation")
        RESET = "reset", _("new password")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="links")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    token_sha256 = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
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
    """Something that was done to a login: by whom, when, what."""

    class What(models.TextChoices):
        """What was done."""

        INVITED = "invited", _("invited")
        LINK = "link", _("new link made")
        REVOKED = "revoked", _("link revoked")
        PASSWORD = "password", _("password chosen")
        LETTER = "letter", _("password reset by letter")
        ROLES = "roles", _("roles changed")
        NAME = "name", _("user name changed")
        ADDRESS = "address", _("e-mail address changed")
        DEACTIVATED = "deactivated", _("deactivated")
        REACTIVATED = "reactivated", _("reactivated")
        FACTOR_REMOVED = "factor_removed", _("second factor removed")
        FACTOR_RENEWED = "factor_renewed", _("second factor moved to a new phone")
        SESSIONS_ENDED = "sessions_ended", _("sessions ended")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="events")
    what = models.CharField(max_length=20, choices=What.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("account event")
        verbose_name_plural = _("account events")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.what} {self.user_id}"


class CacheEntry(models.Model):
    """The table of the shared cache, as Django's DatabaseCache wants it.

    A table of ours, so that `migrate` makes it; nothing reads or writes it but the cache.
    """

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "newsroom_cache"

    def __str__(self) -> str:
        return self.cache_key
