"""Audit record of an article: its revisions, review signatures and log of transitions."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..workflow.states import REVIEWS
from .article import Article


class Revision(models.Model):
    """One saved state of an article's whole content (修改稿): immutable, numbered, hashed."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField(_("number"))
    content = models.JSONField(_("content"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    is_side = models.BooleanField(
        _("conflict copy"),
        default=False,
        help_text=_("Saved separately because a newer revision exists."),
    )
    is_auto = models.BooleanField(
        _("autosaved"),
        default=False,
        help_text=_("Replaced by the next save from the same window."),
    )
    window_id = models.CharField(
        max_length=36, blank=True, editable=False, help_text="names the window that saved it"
    )
    sequence = models.PositiveIntegerField(
        default=0, editable=False, help_text="counts the sends of that window"
    )
    base_version = models.PositiveIntegerField(
        default=0, help_text="version that it made; of a conflict copy: that it began from"
    )
    # Users are deactivated, never deleted: the chain names the login that saved what was signed.
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


class Review(models.Model):
    """One signature: the reviewer, the review (审次) and the approved revision."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="reviews")
    round = models.PositiveIntegerField()
    stage = models.CharField(
        _("stage"), max_length=20, choices=[(s.value, s.label) for s in REVIEWS]
    )
    revision = models.ForeignKey(Revision, models.PROTECT, verbose_name=_("revision"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("reviewer")
    )
    note = models.CharField(_("note"), max_length=500, blank=True)
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "round", "stage"], name="one_review_per_stage_and_round"
            ),
            models.CheckConstraint(condition=~Q(sha256=""), name="review_has_sha256"),
        ]

    def __str__(self) -> str:
        return f"{self.get_stage_display()} #{self.revision_id}"


class LogEntry(models.Model):
    """One transition of an article: states, user, time and reason."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="log")
    transition = models.CharField(_("transition"), max_length=20)
    from_state = models.CharField(_("from"), max_length=20)
    to_state = models.CharField(_("to"), max_length=20)
    # Users are deactivated, never deleted: the chain contains the name of the login.
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
        help_text="SHA-256 of the story that the transition put in print",
    )
    details = models.JSONField(
        default=dict,
        editable=False,
        help_text="what the transition decided, as audit_log documents it",
    )
    seal_version = models.PositiveSmallIntegerField(
        default=1, editable=False, help_text="what `chain` and `printed` cover"
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
                condition=~Q(transition="approve") | Q(revision__isnull=False),
                name="log_approval_with_revision",
            )
        ]

    def __str__(self) -> str:
        return f"{self.transition} {self.at:%Y-%m-%d %H:%M}"
