"""Models of notifications, and of the users' choices where to receive them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .messages import message
from .querysets import NotificationQuerySet


class NotificationEvent(models.TextChoices):
    """Events of which users are notified."""

    RECEIVED = "received", _("an article is waiting for my review")
    TAKEN = "taken", _("the desk has received my article")
    RETURNED = "returned", _("my article was returned")
    PASSED = "passed", _("my article was approved in a review")
    PRINTED = "printed", _("my article is published")
    MENTIONED = "mentioned", _("somebody mentions me in a comment")
    CUTOFF = "cutoff", _("the cut-off of an issue is approaching")
    WITHDRAWN = "withdrawn", _("a story was withdrawn")
    PAGES = "pages", _("pages of a signed issue were changed")
    ANCHOR = "anchor", _("the digest of all signatures")
    ANCHOR_FAULT = "anchor_fault", _("the signatures could not be anchored")


#: Events sent by e-mail by default: those that call for action, not mere progress.
MAILED = frozenset(
    {
        *(
            NotificationEvent.RETURNED,
            NotificationEvent.PRINTED,
            NotificationEvent.MENTIONED,
            NotificationEvent.CUTOFF,
            NotificationEvent.WITHDRAWN,
        ),
        *(NotificationEvent.PAGES, NotificationEvent.ANCHOR, NotificationEvent.ANCHOR_FAULT),
    }
)
#: Events sent by e-mail only by default, because they are meant to be stored elsewhere.
MAILED_ONLY = frozenset({NotificationEvent.ANCHOR})


class Notification(models.Model):
    """Notification of one user; `key` identifies its subject, so that it is never repeated."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications")
    event = models.CharField(_("event"), max_length=12, choices=NotificationEvent.choices)
    key = models.CharField(max_length=80)
    message = models.CharField(max_length=20, help_text="a key of notifications.messages.SENTENCES")
    data = models.JSONField(default=dict, help_text="what the sentence names")
    url = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(_("time"))
    in_desk = models.BooleanField(default=True)
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)
    by_mail = models.BooleanField(default=False)
    mailed_at = models.DateTimeField(_("e-mailed at"), null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "event", "key"], name="notification_once")
        ]
        indexes = [
            models.Index(
                fields=["user"],
                condition=Q(read_at=None, in_desk=True),
                name="notification_unread",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """Return the notification as a sentence in the active language."""
        return message(self.message, self.data)


class NotificationChoice(models.Model):
    """Choice of one user where to be notified of one event; without a row the default applies."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notification_choices"
    )
    event = models.CharField(_("event"), max_length=12, choices=NotificationEvent.choices)
    in_desk = models.BooleanField(_("at the desk"), default=True)
    by_mail = models.BooleanField(_("by e-mail"), default=True)

    class Meta:
        verbose_name = _("notification setting")
        verbose_name_plural = _("notification settings")
        constraints = [
            models.UniqueConstraint(fields=["user", "event"], name="notification_choice_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.event}"
