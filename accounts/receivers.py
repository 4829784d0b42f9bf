"""What follows when the login library takes a second factor away."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_removed
from allauth.usersessions.internal.flows.sessions import end_other_sessions
from django.contrib.auth.models import User
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from . import services
from .middleware import HAS_FACTOR


@receiver(authenticator_removed)
def forget_factor(
    request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any
) -> None:
    """Let no session of the person pass any more for one with a second factor.

    A session asks once whether there is one: whose roles ask for it later is asked anew.
    """
    if authenticator.type != Authenticator.Type.TOTP:
        return
    request.session.pop(HAS_FACTOR, None)
    end_other_sessions(request, user)
    services.note_factor_dropped(user, at=timezone.now())
