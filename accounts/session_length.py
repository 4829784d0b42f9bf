"""Idle time after which a session ends, by role and by device.

Editors and above: 12 hours. Correspondents and reporters: 30 days if they chose it at the login (on
their own phone), else 12 hours. Each request checks the current roles. Requests that a script sends
automatically, such as counts, presence or session checks, are not activity of the user.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest

from paper.permissions import Capability, may

SHORT, LONG = dt.timedelta(hours=12), dt.timedelta(days=30)
#: Session keys of the time of the user's last activity, and of the choice of a long session.
_ACTIVE, _REMEMBERED = "newsroom_active", "newsroom_remembered"
#: Session key that marks a session of the demo, whose passwords are public.
_DEMO = "newsroom_demo"
#: Seconds between two writes of the last activity; a session ends at most that much early.
_WRITE_INTERVAL = 300
#: Path suffixes of automatic requests; beacons and older scripts send no header.
_BY_ITSELF = ("/presence/", "/desk/counts/", "/session/")
HEADER = "X-By-Itself"


def begin(session: Any, *, at: dt.datetime) -> None:
    """Start the idle time of a session at the login."""
    session[_ACTIVE] = at.timestamp()
    if settings.DEMO:
        session[_DEMO] = True


def choose_long(session: Any, is_long: bool) -> None:
    """Store whether the user wants a long session on this device."""
    session[_REMEMBERED] = is_long


def is_over(session: Any, user: User, *, at: dt.datetime) -> bool:
    """Return whether the session has been idle too long for the roles of `user`.

    A session of the demo ends with the demo.
    """
    if session.get(_DEMO) and not settings.DEMO:
        return True
    active = session.get(_ACTIVE)
    if active is None:
        return False
    idle = at.timestamp() - active
    if idle < SHORT.total_seconds():
        return False
    may_last = session.get(_REMEMBERED, False) and not may(user, Capability.USE_SECOND_FACTOR)
    return idle >= LONG.total_seconds() if may_last else True


def touch(session: Any, request: HttpRequest, *, at: dt.datetime) -> None:
    """Record the user's activity, unless a script sent the request automatically."""
    active = session.get(_ACTIVE)
    if active is None or (at.timestamp() - active > _WRITE_INTERVAL and is_by_person(request)):
        session[_ACTIVE] = at.timestamp()


def is_by_person(request: HttpRequest) -> bool:
    """Return whether `request` is an action of the user, not an automatic request."""
    return HEADER not in request.headers and not request.path.endswith(_BY_ITSELF)
