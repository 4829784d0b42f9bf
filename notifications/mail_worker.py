"""Outbox jobs that send notifications by e-mail, and `send_letter`, which other apps use."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _

from outbox.exceptions import JobFailed, JobObsolete, ServiceDown
from outbox.models import Job

from .models import Notification

#: Kind of these jobs.
KIND = "notification_mail"
#: Exceptions caused by one e-mail, not by the server.
OF_ONE_LETTER = (SMTPRecipientsRefused, SMTPSenderRefused, SMTPDataError, ValueError)


def job_key(notification: Notification) -> str:
    """Return the key of the job for `notification`, which may be unsaved."""
    return f"{notification.user_id}:{notification.event}:{notification.key}"


def payload(notification: Notification) -> dict[str, Any]:
    """Return the payload of the job: the fields that identify `notification`."""
    return {"user": notification.user_id, "event": notification.event, "key": notification.key}


def mail_notification(job: Job, at: dt.datetime) -> None:
    """Send the notification that `job` names by e-mail, once.

    Raises JobObsolete if it was sent already, or if the user is inactive or has no address. Raises
    JobFailed if the e-mail cannot be composed or is refused, and ServiceDown.
    """
    fields = {"user_id": job.payload["user"], "event": job.payload["event"]}
    notifications = Notification.objects.filter(key=job.payload["key"], mailed_at=None, **fields)
    notification = notifications.filter(user__is_active=True).select_related("user").first()
    if notification is None or not notification.user.email:
        raise JobObsolete
    try:
        letter = _letter(notification)
    except (KeyError, ValueError) as error:
        raise JobFailed(f"The letter cannot be written: {error!r}") from error
    send_letter(letter)
    Notification.objects.filter(pk=notification.pk).update(mailed_at=at)


def send_letter(letter: EmailMessage) -> None:
    """Send `letter`.

    Raises JobFailed if the mail server refuses this e-mail, and ServiceDown if it does not answer
    or accepts none.
    """
    try:
        letter.send()
    except OF_ONE_LETTER as error:
        raise JobFailed(str(error)) from error
    except OSError as error:  # the base of all exceptions of smtplib
        raise ServiceDown(str(error)) from error


def delayed(notifications: Iterable[Notification]) -> set[int]:
    """Return the primary keys of `notifications` whose e-mail failed and is not sent yet."""
    pending = {job_key(row): row.pk for row in notifications if row.by_mail and not row.mailed_at}
    if not pending:
        return set()
    failed = Job.objects.filter(kind=KIND, key__in=pending).exclude(error="")
    return {pending[key] for key in failed.values_list("key", flat=True)}


def _letter(notification: Notification) -> EmailMessage:
    """Return the e-mail for a notification, with a link if DESK_ADDRESS is set."""
    lines = [notification.text]
    if settings.DESK_ADDRESS and notification.url:
        lines += ["", settings.DESK_ADDRESS + notification.url]
    lines += ["", _("Choose your notifications at the desk, under “Notifications”.")]
    subject = " ".join(notification.text.split())
    subject = subject if len(subject) <= 60 else subject[:59] + "…"
    return EmailMessage(subject, "\n".join(lines), to=[notification.user.email])
