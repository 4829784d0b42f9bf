"""Logins: invitations, passwords, codes and e-mails with links."""

from __future__ import annotations

import base64

from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import services
from accounts.services import Person
from outbox.services import run_due

PASSWORD = "kai-men-wen-1987"
SECRET = base64.b32encode(b"for-tests-only-12345").decode()


def code_at(seconds: float, secret: str = SECRET) -> str:
    """Return the code that an authenticator app shows at a time."""
    return format_hotp_value(hotp_value(secret, int(seconds) // 30))


def with_factor(user: User) -> User:
    TOTP.activate(user, SECRET)
    return user


def invite(staff, **more: object) -> tuple[User, str]:
    facts = {"username": "xinren", "last_name": "新", "first_name": "人", "roles": ["editor"]}
    person = Person(**{**facts, **more})
    return services.invite(person, by=staff["administrator"], at=timezone.now())


def link_url(token: str) -> str:
    return reverse("accounts_link", args=[token])


def choose(client: Client, token: str, password: str = PASSWORD):
    return client.post(link_url(token), {"new_password1": password, "new_password2": password})


def log_in(client: Client, name: str, password: str = "for-tests-only", **more: str):
    return client.post("/desk/login/", {"username": name, "password": password}, **more)


def letters() -> list[mail.EmailMessage]:
    """Run the jobs of the outbox and return the sent e-mails."""
    run_due(timezone.now())
    return mail.outbox


def slow_down(name: str) -> None:
    """Enter five wrong passwords for `name`, so that the next attempt has to wait."""
    for _time in range(5):
        log_in(Client(), name, "wrong")
    assert log_in(Client(), name).status_code == 429


def at_home(n: int = 1) -> dict[str, str]:
    return {"REMOTE_ADDR": f"10.0.{n // 250}.{n % 250 + 1}"}


def known(name: str, **place: str) -> Client:
    """Return a browser in which `name` has logged in and out."""
    client = Client()
    assert log_in(client, name, **place).status_code == 302
    client.post("/desk/logout/")
    return client
