"""Login attempts: subject, address and device, for the counts of failures."""

from __future__ import annotations

import datetime as dt
import ipaddress

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _

from . import known_devices, throttle
from .throttle import Attempt

#: Prefix length that identifies one place in IPv6: a home has the rest to itself.
_IPV6_PLACE = 64


def login_named(name: str) -> User | None:
    """Return the login with this user name or e-mail address, ignoring case, or None."""
    if not name:
        return None
    found = list(User.objects.filter(Q(username__iexact=name) | Q(email__iexact=name))[:3])
    named = [user for user in found if user.username.lower() == name.lower()] or found
    return named[0] if len(named) == 1 else None


def login_attempt(request: HttpRequest, name: str, user: User | None, at: dt.datetime) -> Attempt:
    """Return the attempt to log in under `name`, which is that of `user` or unknown.

    It counts under the typed name: a shared count of a user name and an e-mail address would reveal
    that they belong to one login.
    """
    device = known_devices.device_of(request, user, at=at) if user else ""
    return Attempt(throttle.PASSWORD, _subject(name), place_of(request), device)


def own_attempt(what: str, request: HttpRequest, user: User, at: dt.datetime) -> Attempt:
    """Return the attempt of `user` to enter a code, or the password again.

    It counts for the login from any address, because the user has already entered the password.
    """
    device = known_devices.device_of(request, user, at=at)
    return Attempt(what, str(user.pk), device=device)


def forgive(user: User) -> None:
    """Drop the counts of failures of `user` after a new password."""
    throttle.forgive([str(user.pk), *map(_subject, filter(None, [user.username, user.email]))])


def _subject(name: str) -> str:
    return f"name {name.lower()}"


def place_of(request: HttpRequest) -> str:
    """Return the client's IP address; for IPv6, the network that identifies one place."""
    ip = ipaddress.ip_address(get_adapter().get_client_ip(request))
    if ip.version == 4:
        return str(ip)
    return str(ip.ipv4_mapped or ipaddress.ip_network((int(ip), _IPV6_PLACE), strict=False))


def require_real_password(password: str) -> None:
    """Raise ValidationError for the demo's public password outside the demo."""
    if settings.DEMO or password != settings.DEMO_PASSWORD:
        return
    raise ValidationError(
        _(
            "This is the public password of the demo and does not work here. Set a new one "
            "with “Forgot your password?” or a link from your administrator."
        ),
        code="demo",
    )
