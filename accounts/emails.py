"""E-mails that contain a link, of which nothing is stored.

An e-mail for a new password, or to a new address, is a job of the outbox, which composes and sends
it. The view that requests a new password stores only the address, so neither its text nor its time
reveals whether a login has the address.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from secrets import token_hex

from django.conf import settings
from django.contrib.auth.models import User
from django.core import signing
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from notifications.mail_worker import send_letter
from outbox.exceptions import JobObsolete, ServiceDown
from outbox.models import Job
from outbox.registry import JobKind, register_kind
from outbox.services import enqueue
from paper.querysets import get_paper

from .allauth_internals import default_token_generator, user_pk_to_url_str

logger = logging.getLogger(__name__)

#: Kinds of jobs.
RESET, CONFIRMATION = "password_reset_mail", "address_confirmation_mail"
#: Salt of the signed link in the e-mail to a new address.
ADDRESS_SALT = "accounts.address"
#: Minimum time between two e-mails to an address, so that nobody can flood a mailbox.
RESET_PAUSE = dt.timedelta(minutes=5)
#: Age after which a request is dropped, such as while the mail server is down.
GIVEN_UP_AFTER = dt.timedelta(hours=1)
_NOWHERE = {f"django.core.mail.backends.{name}.EmailBackend" for name in ("console", "dummy")}


def own_address() -> str:
    """Return the address that precedes a path in a mail, such as https://paper.example.cn, or "".

    It depends on the settings alone: a client that requests an e-mail must not choose the target of
    its link, so the Host header and its port are ignored.
    """
    if settings.DESK_ADDRESS:
        return str(settings.DESK_ADDRESS)
    scheme = "https" if settings.SECURE_SSL_REDIRECT else "http"
    hosts = (host for host in settings.ALLOWED_HOSTS if not host.startswith(("*", ".")))
    host = next(hosts, "")
    # The demo has no proxy, so its URL contains the port on which it listens.
    port = f":{settings.SERVER_BIND.rpartition(':')[2]}" if host and settings.DEMO else ""
    return host and f"{scheme}://{host}{port}"


def is_mail_delivered() -> bool:
    """Return whether e-mails are delivered; in production, a log is not a mailbox."""
    return settings.DEMO or settings.EMAIL_BACKEND not in _NOWHERE


def _missing_setting() -> str:
    """Return the name of the setting that is missing to send e-mails, or ""."""
    if not own_address():
        return "NEWSROOM_DESK_ADDRESS"
    return "" if is_mail_delivered() else "NEWSROOM_EMAIL_URL"


def send(letter: EmailMessage) -> bool:
    """Send an e-mail; return whether the mail server accepted it.

    Nothing is sent if the settings lack the base URL of its link or a mail server: the log would
    contain the link.
    """
    if missing := _missing_setting():
        logger.error("An e-mail was not sent: set %s.", missing)
        return False
    try:
        letter.send()
    except (OSError, ValueError) as error:  # OSError is the base of smtplib's exceptions
        logger.warning("An e-mail was not sent: %s", error)
        return False
    return True


def register_jobs() -> None:
    """Register the kinds of jobs that send a link."""
    register_kind(_kind(RESET, send_reset))
    register_kind(_kind(CONFIRMATION, send_confirmation))


def _kind(name: str, run: Callable[[Job, dt.datetime], None]) -> JobKind:
    """Return a job kind that retries each minute until the mail server is back."""
    pause, day = dt.timedelta(minutes=1), dt.timedelta(days=1)
    # A user may have typed any address, so rows are stored for a day at most.
    return JobKind(name, run, max_tries=100, longest_pause=pause, keep_done=day, keep_given_up=day)


def request_reset(email: str, language: str, *, at: dt.datetime) -> None:
    """Enqueue a request for a new password, whether or not a login has the address."""
    values = {"email": email, "language": language}
    enqueue(RESET, token_hex(16), values, at=at)


def ask_confirmation(user: User, email: str, language: str, *, at: dt.datetime) -> None:
    """Enqueue an e-mail to `email` by which `user` confirms the address."""
    values = {"user": user.pk, "was": user.email, "email": email, "language": language}
    enqueue(CONFIRMATION, token_hex(16), values, at=at)


def send_reset(job: Job, at: dt.datetime) -> None:
    """Send the e-mail for a request for a new password.

    Raises JobObsolete if no login has the address, if it has just got an e-mail, or if the request
    is too old; JobFailed and ServiceDown as `send_letter`.
    """
    email = job.payload["email"]
    users = list(User.objects.filter(email__iexact=email, is_active=True))
    if not users or _is_too_old(job, at) or _was_sent(email, at):
        raise JobObsolete
    _require_mail()
    for user in users:
        send_letter(_reset_letter(user, job.payload["language"]))


def send_confirmation(job: Job, at: dt.datetime) -> None:
    """Send the e-mail to a new address.

    Raises JobObsolete if the user is inactive or has changed the address since, or if the request
    is too old; JobFailed and ServiceDown as `send_letter`.
    """
    values = job.payload
    user = User.objects.filter(pk=values["user"], email=values["was"], is_active=True).first()
    if user is None or _is_too_old(job, at):
        raise JobObsolete
    _require_mail()
    send_letter(_confirmation_letter(user, values["email"], values["language"]))


def _is_too_old(job: Job, at: dt.datetime) -> bool:
    return job.created_at < at - GIVEN_UP_AFTER


def _was_sent(email: str, at: dt.datetime) -> bool:
    """Return whether an e-mail was just sent to the same address."""
    done = Job.objects.filter(kind=RESET, done_at__gt=at - RESET_PAUSE)
    return done.filter(payload__email=email).exists()


def _require_mail() -> None:
    """Raise ServiceDown if an e-mail cannot be sent; see `send`."""
    if missing := _missing_setting():
        raise ServiceDown(f"Set {missing}.")


def _reset_letter(user: User, language: str) -> EmailMessage:
    key = default_token_generator.make_token(user)
    values = {"uidb36": user_pk_to_url_str(user), "key": key}
    path = reverse("account_reset_password_from_key", kwargs=values)
    context = {
        "paper": get_paper(),
        "username": user.username,
        "days": settings.PASSWORD_RESET_TIMEOUT // 86_400,
        "password_reset_url": own_address() + path,
    }
    with override(language):
        subject, text = (
            render_to_string(f"account/email/password_reset_key_{part}.txt", context)
            for part in ("subject", "message")
        )
    return EmailMessage(" ".join(subject.split()), text, to=[user.email])


def _confirmation_letter(user: User, email: str, language: str) -> EmailMessage:
    fact = [user.pk, user.email, email]
    path = reverse("accounts_confirm", args=[signing.dumps(fact, salt=ADDRESS_SALT)])
    with override(language):
        paper = get_paper().name
        text = _("Is this your address for the desk of %(paper)s? Log in, then open this link:")
        body = f"{text % {'paper': paper}}\n\n{own_address()}{path}\n"
        subject = _("Your e-mail address at %(paper)s") % {"paper": paper}
    return EmailMessage(subject, body, to=[email])
