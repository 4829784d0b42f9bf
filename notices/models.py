"""Notices: what somebody is told, in the desk and by e-mail, and what he chose to be told."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .querysets import NoticeQuerySet
from .words import sentence


class Event(models.TextChoices):
    """What people are told of."""

    RECEIVED = "received", _("an article waits for my reading")
    TAKEN = "taken", _("the desk has received my article")
    RETURNED = "returned", _("my article was returned")
    PASSED = "passed", _("my article passed a reading")
    PRINTED = "printed", _("my article is printed")
    MENTIONED = "mentioned", _("somebody mentions me in a comment")
    CUTOFF = "cutoff", _("the cut-off of an issue is near")
    WITHDRAWN = "withdrawn", _("a story was withdrawn")


#: What is mailed unless somebody chose otherwise: what asks for him, not what merely goes on.
MAILED = frozenset({Event.RETURNED, Event.PRINTED, Event.MENTIONED, Event.CUTOFF, Event.WITHDRAWN})


class Notice(models.Model):
    """One thing that one person is told once; `key` names it, so that it is never told twice."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    event = models.CharField(_("event"), max_length=12, choices=Event.choices)
    key = models.CharField(max_length=80)
    message = models.CharField(max_length=20, help_text="a key of notices.words.SENTENCES")
    data = models.JSONField(default=dict, help_text="what the sentence names")
    url = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(_("time"))
    in_desk = models.BooleanField(default=True)
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)
    by_mail = models.BooleanField(default=False)
    mailed_at = models.DateTimeField(_("mailed at"), null=True, blank=True)
    mail_claimed_at = models.DateTimeField(null=True, blank=True)
    mail_tries = models.PositiveSmallIntegerField(default=0)
    mail_next_at = models.DateTimeField(null=True, blank=True)
    mail_error = models.CharField(max_length=300, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "event", "key"], name="notice_told_once")
        ]
        indexes = [
            models.Index(
                fields=["user"],
                condition=Q(read_at=None, in_desk=True),
                name="notice_unread",
            ),
            models.Index(
                fields=["mail_next_at"],
                condition=Q(by_mail=True, mailed_at=None),
                name="notice_to_mail",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """Return what is told, as a sentence in the language of who reads it."""
        return sentence(self.message, self.data)


class Choice(models.Model):
    """Whether one person wants to be told of one event, where; no row: as by default."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notice_choices"
    )
    event = models.CharField(_("event"), max_length=12, choices=Event.choices)
    in_desk = models.BooleanField(_("in the desk"), default=True)
    by_mail = models.BooleanField(_("by e-mail"), default=True)

    class Meta:
        verbose_name = _("choice of notices")
        verbose_name_plural = _("choices of notices")
        constraints = [models.UniqueConstraint(fields=["user", "event"], name="notice_choice_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.event}"
