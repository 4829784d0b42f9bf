"""The record of an article: its revisions, the signatures of the readings, the log of moves."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..states import READINGS
from .article import Article


class Revision(models.Model):
    """One saved state of an article's whole content (修改稿): immutable, numbered, hashed."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField(_("number"))
    content = models.JSONField(_("content"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    is_side = models.BooleanField(
        _("kept aside"), default=False, help_text=_("Refused as stale, and kept.")
    )
    is_auto = models.BooleanField(
        _("saved by itself"),
        default=False,
        help_text=_("The next save of the same window takes its place."),
    )
    tab = models.CharField(
        max_length=36, blank=True, editable=False, help_text="names the window that saved it"
    )
    turn = models.PositiveIntegerField(
        default=0, editable=False, help_text="counts the sends of that window"
    )
    base_version = models.PositiveIntegerField(
        default=0, help_text="the version that it made; kept aside: the one that it began from"
    )
    # Deactivated, never deleted: the chain names the login that saved what was signed.
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name=_("saved by")
    )
    saved_at = models.DateTimeField(_("saved at"))

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="revision_number_once"),
            models.CheckConstraint(condition=~Q(sha256=""), name="revision_has_sha256"),
        ]

    def __str__(self) -> str:
        return f"#{self.number}"


class Reading(models.Model):
    """One signature: who passed which revision in which reading (审读)."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="readings")
    round = models.PositiveIntegerField()
    reading = models.CharField(
        _("reading"), max_length=20, choices=[(s.value, s.label) for s in READINGS]
    )
    revision = models.ForeignKey(Revision, models.PROTECT, verbose_name=_("revision"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("reader")
    )
    note = models.CharField(_("note"), max_length=500, blank=True)
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "round", "reading"], name="reading_passed_once_per_round"
            ),
            models.CheckConstraint(condition=~Q(sha256=""), name="reading_has_sha256"),
        ]

    def __str__(self) -> str:
        return f"{self.get_reading_display()} #{self.revision_id}"


class LogEntry(models.Model):
    """One move of an article: what, from where to where, by whom, when, why."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="log")
    move = models.CharField(_("move"), max_length=20)
    from_state = models.CharField(_("from"), max_length=20)
    to_state = models.CharField(_("to"), max_length=20)
    # Whoever made a move is deactivated, never deleted: the chain names his login.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("by"),
    )
    by_name = models.CharField(_("name"), max_length=60, blank=True)
    by_roles = models.CharField(_("roles"), max_length=120, blank=True)
    at = models.DateTimeField(_("time"))
    note = models.CharField(_("note"), max_length=500, blank=True)
    revision = models.ForeignKey(Revision, models.PROTECT, null=True)
    version = models.PositiveIntegerField(
        default=0, editable=False, help_text="the version of the article after it"
    )
    printed = models.CharField(
        max_length=64,
        blank=True,
        editable=False,
        help_text="SHA-256 of the story that the move put in print",
    )
    chain = models.CharField(
        max_length=64,
        blank=True,
        editable=False,
        help_text="SHA-256 of the entry before it and of all that it says",
    )

    class Meta:
        verbose_name = _("log entry")
        verbose_name_plural = _("log entries")
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(move="pass") | Q(revision__isnull=False),
                name="log_pass_with_revision",
            )
        ]

    def __str__(self) -> str:
        return f"{self.move} {self.at:%Y-%m-%d %H:%M}"
