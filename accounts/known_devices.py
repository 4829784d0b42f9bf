"""Known devices: browsers that have logged in before, by a signed cookie.

Failed logins of others do not slow down a known device (`accounts.throttle`); the cookie grants no
access. It is bound to the login and its password and expires after half a year. A new password, a
deactivation, a removed second factor, or the end of all sessions of the login invalidates it.
"""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from .models import AccountEvent

COOKIE = "newsroom_device"
DAYS = 180
#: Maximum number of logins in one cookie, for shared computers.
MOST_LOGINS = 8
_SALT = "accounts.known-device"
What = AccountEvent.What
#: Events that invalidate known devices, because a device may be lost or shared.
_ENDING = [
    *(What.PASSWORD, What.LETTER, What.DEACTIVATED, What.SESSIONS_ENDED),
    *(What.FACTOR_REMOVED, What.FACTOR_RENEWED),
]


def device_of(request: HttpRequest, user: User, *, at: dt.datetime) -> str:
    """Return the name of this browser if it has logged in before as `user`, else ""."""
    entry = _entries(request, at).get(str(user.pk))
    if entry is None or not user.is_active:
        return ""
    name, since, fingerprint = entry
    if not constant_time_compare(fingerprint, _fingerprint(user, name)):
        return ""
    known_since = dt.datetime.fromtimestamp(since, dt.UTC)
    ended = AccountEvent.objects.filter(user=user, what__in=_ENDING, at__gt=known_since)
    return "" if ended.exists() else name


def remember(request: HttpRequest, response: HttpResponse, user: User, *, at: dt.datetime) -> None:
    """Remember this browser as a known device of `user`, whose login is complete."""
    entries = _entries(request, at)
    name = device_of(request, user, at=at) or secrets.token_urlsafe(12)
    entries.pop(str(user.pk), None)
    entries[str(user.pk)] = [name, at.timestamp(), _fingerprint(user, name)]
    newest = dict(list(entries.items())[-MOST_LOGINS:])
    response.set_cookie(
        COOKIE,
        signing.dumps(newest, salt=_SALT),
        max_age=DAYS * 86_400,
        path="/desk/",
        secure=bool(settings.SESSION_COOKIE_SECURE),
        httponly=True,
        samesite="Strict",
    )


def _entries(request: HttpRequest, at: dt.datetime) -> dict[str, list[Any]]:
    """Return (name, since, fingerprint) by login from the cookie, without expired entries."""
    try:
        found: dict[str, list[Any]] = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT)
    except signing.BadSignature:
        return {}
    oldest = (at - dt.timedelta(days=DAYS)).timestamp()
    return {pk: entry for pk, entry in found.items() if entry[1] >= oldest}


def _fingerprint(user: User, name: str) -> str:
    """Return an HMAC that changes with the password; the password hash stays on the server."""
    value = f"{user.pk} {name} {user.password}"
    return salted_hmac(_SALT, value, algorithm="sha256").hexdigest()[:32]
