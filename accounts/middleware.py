"""Middleware of the desk that ends idle sessions and requires a second factor."""

from __future__ import annotations

from collections.abc import Callable

from allauth.account.adapter import get_adapter as account_adapter
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth import logout
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.cache import caches
from django.db import DatabaseError, IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from paper.outages import outage_of

from . import session_length
from .permissions import needs_second_factor

#: Seconds after which a process records a session's last use again.
RECORD_INTERVAL = 600
#: Session key of the user whose second factor was found; `accounts.signals` removes it.
HAS_FACTOR = "newsroom_second_factor"
#: Attribute of a request that leads to a 429 response: the seconds to wait, or 0 if unknown.
TOO_OFTEN = "newsroom_too_often"
#: Attribute of a request whose session changed only by the record of its use.
ONLY_USE_CHANGED = "newsroom_only_use_changed"
#: Paths that are open without a second factor: login, logout, and its set-up.
_FREE = (
    "/desk/login/",
    "/desk/logout/",
    "/desk/jsi18n/",
    "/desk/account/again/",
    "/desk/account/factor/",
    "/desk/account/inactive/",
    "/desk/account/link/",
    "/desk/account/reset/",
)


class TolerantSessionMiddleware(SessionMiddleware):
    """Django's session middleware, except that reads go on if only the use cannot be saved."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Save a changed session. Raises SessionInterrupted if more than its use is lost.

        Django reports every failed write as a deleted session.
        """
        try:
            return super().process_response(request, response)
        except SessionInterrupted as error:
            outage = outage_of(error)
            if (
                outage is None
                or not outage.can_read
                or not getattr(request, ONLY_USE_CHANGED, False)
            ):
                raise
        return response


class AccountsMiddleware:
    """Middleware for every request to the desk, whatever its method."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the response, or redirect to the set-up of a second factor."""
        if request.path.startswith("/desk/") and request.user.is_authenticated:
            _end_if_over(request)
        if request.path.startswith("/desk/") and request.user.is_authenticated:
            if not is_open_without_factor(request.path) and lacks_factor(request):
                return _lead(request)
            session_length.touch(request.session, request, at=timezone.now())
            if session_length.is_by_person(request):
                record_use(request)
        response = self._answer(request)
        seconds = getattr(request, TOO_OFTEN, None)
        if seconds is not None:
            response.status_code = 429
            if seconds:
                response.headers["Retry-After"] = str(seconds)
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        """Return the response, and record whether the view itself changed the session."""
        session = request.session
        if not request.path.startswith("/desk/") or not session.modified:
            return self.get_response(request)
        session.modified = False
        response = self.get_response(request)
        if not session.modified:
            session.modified = True
            setattr(request, ONLY_USE_CHANGED, request.user.is_authenticated)
        return response


def _end_if_over(request: HttpRequest) -> None:
    """End a session that was idle too long; the request continues as an anonymous one."""
    if session_length.is_over(request.session, request.user, at=timezone.now()):  # type: ignore[arg-type]
        logout(request)


def is_open_without_factor(path: str) -> bool:
    """Return whether a path of the desk is open before the second factor is set up."""
    return path.startswith(_FREE)


def lacks_factor(request: HttpRequest) -> bool:
    """Return whether the user lacks a required second factor; checked once per session."""
    user = request.user
    if not needs_second_factor(user) or request.session.get(HAS_FACTOR) == user.pk:
        return False
    if get_adapter().is_mfa_enabled(user, [Authenticator.Type.TOTP]):
        request.session[HAS_FACTOR] = user.pk
        return False
    return True


def _lead(request: HttpRequest) -> HttpResponse:
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"message": _("Set up two-step verification first.")}, status=403)
    return HttpResponseRedirect(reverse("mfa_activate_totp"))


def is_use_recorded(session_key: str | None) -> bool:
    """Return whether this process has recently recorded the session's use; mark it as recorded."""
    return not caches["process"].add(f"session:{session_key}", True, RECORD_INTERVAL)


def record_use(request: HttpRequest) -> None:
    """Record the last use of a session every ten minutes, also of one that is new or has a new key.

    The library reads the row, writes it, and writes the session: seven queries instead of two.
    """
    key = request.session.session_key
    if is_use_recorded(key):
        return
    now, agent = timezone.now(), request.headers.get("User-Agent", "")
    seen = {
        "last_seen_at": now,
        "ip": account_adapter().get_client_ip(request),
        "user_agent": agent[: UserSession._meta.get_field("user_agent").max_length],
    }
    try:
        if not UserSession.objects.filter(session_key=key, user=request.user).update(**seen):
            UserSession(session_key=key, user=request.user, **seen).save(force_insert=True)
    except IntegrityError:
        pass  # A second request of the same instant was first.
    except DatabaseError as error:
        outage = outage_of(error)
        if outage is None or not outage.can_read:
            raise
        # Reads go on while writes fail.
