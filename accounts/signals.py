"""Receiver of the login library's signal that a second factor was removed."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_removed
from django.contrib.auth.models import User
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from . import services
from .allauth_internals import end_other_sessions
from .middleware import HAS_FACTOR


@receiver(authenticator_removed)
def forget_factor(
    request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any
) -> None:
    """Remove the session's record of a second factor, and end the user's other sessions.

    A session checks once for a second factor; without the record it checks again.
    """
    if authenticator.type != Authenticator.Type.TOTP:
        return
    request.session.pop(HAS_FACTOR, None)
    end_other_sessions(request, user)
    services.note_factor_dropped(user, at=timezone.now())
