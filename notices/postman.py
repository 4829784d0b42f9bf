"""The postman: mails what is due, from a thread in each process of the server.

Nothing waits for him and nothing is lost with him: a letter is a row until it is mailed. A row is
claimed by one UPDATE before it is sent, so several processes never send it twice.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Callable, Sequence
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.db import DatabaseError, close_old_connections
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from .models import Notice

logger = logging.getLogger(__name__)

#: Seconds between two rounds where nobody wakes him.
ROUND = 30
#: Letters of one round; the rest follow in the next.
BATCH = 50
#: Faults of a letter, not of the server.
OF_ONE_LETTER = (SMTPRecipientsRefused, SMTPSenderRefused, SMTPDataError, ValueError, KeyError)
LONGEST_PAUSE = dt.timedelta(hours=2)

_woken = threading.Event()


def wake() -> None:
    """Let the postman of this process look at once; without one, another's finds it in a round."""
    _woken.set()


def start(before_round: Sequence[Callable[[dt.datetime], object]] = ()) -> threading.Thread:
    """Start the postman of this process; he calls `before_round` with the time in each round."""
    thread = threading.Thread(target=_walk, args=(before_round,), name="postman", daemon=True)
    thread.start()
    return thread


def _walk(before_round: Sequence[Callable[[dt.datetime], object]]) -> None:
    while True:
        _woken.wait(ROUND)
        _woken.clear()
        try:
            close_old_connections()
            for call in before_round:
                call(timezone.now())
            deliver(timezone.now())
        except DatabaseError as error:
            logger.warning("The postman waits for the database: %s", error)
        finally:
            close_old_connections()


def deliver(at: dt.datetime) -> int:
    """Mail what is due at `at` and return how many letters went out.

    A letter that the mail server refuses is tried again after 1, 2, 4 … minutes; a server that is
    down ends the round.
    """
    sent = 0
    due = Notice.objects.to_mail(at).select_related("user").order_by("id")[:BATCH]
    with translation.override(settings.LANGUAGE_CODE):
        for notice in due:
            if not _claim(notice, at):
                continue
            try:
                _letter(notice).send()
            except (OSError, ValueError, KeyError) as error:  # OSError holds all of SMTP's own
                _try_again(notice, error, at)
                if not isinstance(error, OF_ONE_LETTER):
                    break
            else:
                Notice.objects.filter(pk=notice.pk).update(mailed_at=at, mail_error="")
                sent += 1
    return sent


def _claim(notice: Notice, at: dt.datetime) -> bool:
    """Take a letter, if no other process has it; a person who left gets none any more."""
    # Not a join: in an UPDATE it would ask a snapshot, and two processes would both have it.
    active = User.objects.filter(is_active=True)
    rows = Notice.objects.to_mail(at).filter(pk=notice.pk, user__in=active)
    return bool(rows.update(mail_claimed_at=at, mail_tries=F("mail_tries") + 1))


def _try_again(notice: Notice, error: Exception, at: dt.datetime) -> None:
    pause = min(dt.timedelta(minutes=2**notice.mail_tries), LONGEST_PAUSE)
    logger.warning("A letter did not go out, next try in %s: %s", pause, error)
    Notice.objects.filter(pk=notice.pk).update(
        mail_claimed_at=None, mail_next_at=at + pause, mail_error=str(error)[:300]
    )


def _letter(notice: Notice) -> EmailMessage:
    """Return the letter of a notice; with the address of the desk where the paper has set it."""
    lines = [notice.text]
    if settings.DESK_ADDRESS and notice.url:
        lines += ["", settings.DESK_ADDRESS + notice.url]
    lines += ["", _("You choose what you are told at the desk, under “Notices”.")]
    subject = " ".join(notice.text.split())
    subject = subject if len(subject) <= 60 else subject[:59] + "…"
    return EmailMessage(subject, "\n".join(lines), to=[notice.user.email])
