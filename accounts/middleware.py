"""Who must have a second factor sets it up first; a session notes when it was last used."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from allauth.account.adapter import get_adapter as account_adapter
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.cache import caches
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from .rules import needs_second_factor

#: Seconds after which a process notes a session's last use again.
NOTE_EVERY = 600
#: Where a session holds whose second factor it has seen; dropped with the factor (receivers).
HAS_FACTOR = "newsroom_second_factor"
#: Set on a request that tried something too often; its answer is 429.
TOO_OFTEN = "newsroom_too_often"
#: What answers before the second factor is set up: in, out, and the setting up itself.
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


class AccountsMiddleware:
    """Stands before every address of the desk, whatever its method."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or lead to the second factor."""
        if request.path.startswith("/desk/") and request.user.is_authenticated:
            if not is_open_without_factor(request.path) and lacks_factor(request):
                return _lead(request)
            note_use(request)
        response = self.get_response(request)
        if getattr(request, TOO_OFTEN, False):
            response.status_code = 429
        return response


def is_open_without_factor(path: str) -> bool:
    """Return whether an address of the desk answers before the second factor is set up."""
    return path.startswith(_FREE)


def lacks_factor(request: HttpRequest) -> bool:
    """Return whether the person must have a second factor and has none; asked once a session."""
    user = request.user
    if not needs_second_factor(user) or request.session.get(HAS_FACTOR) == user.pk:
        return False
    if get_adapter().is_mfa_enabled(user, [Authenticator.Type.TOTP]):
        request.session[HAS_FACTOR] = user.pk
        return False
    return True


def _lead(request: HttpRequest) -> HttpResponse:
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"message": _("Set up your second factor first.")}, status=403)
    return HttpResponseRedirect(reverse("mfa_activate_totp"))


def is_noted(session_key: str | None) -> bool:
    """Return whether this process noted the session's use a short while ago; from now on it has."""
    return not caches["process"].add(f"session:{session_key}", True, NOTE_EVERY)


def note_use(request: HttpRequest) -> None:
    """Note when a session was last used, every ten minutes; list one that is new or has a new key.

    The library's own way reads the row, writes it, and writes the session: seven queries for two.
    """
    key = request.session.session_key
    if is_noted(key):
        return
    now, agent = timezone.now(), request.headers.get("User-Agent", "")
    seen = {
        "last_seen_at": now,
        "ip": account_adapter().get_client_ip(request),
        "user_agent": agent[: UserSession._meta.get_field("user_agent").max_length],
    }
    if UserSession.objects.filter(session_key=key, user=request.user).update(**seen):
        return
    # A second request of the same instant may have been first.
    with suppress(IntegrityError):
        UserSession(session_key=key, user=request.user, **seen).save(force_insert=True)
