"""Adapters of django-allauth: no sign-up, our messages, encrypted secrets."""

from __future__ import annotations

import base64
import hashlib
import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from bylines.services import display_name
from paper.querysets import get_paper

from . import known_devices, session_length, throttle
from .allauth_internals import REAUTHENTICATION_TIMEOUT
from .login_attempts import login_attempt, login_named, own_attempt, require_real_password
from .middleware import TOO_OFTEN, is_use_recorded
from .permissions import needs_second_factor

#: Session key of the time of the login, in seconds since 1970.
LOGGED_IN = "newsroom_logged_in"


class AccountAdapter(DefaultAccountAdapter):
    """Adapter with logins by invitation only, throttling, and our messages."""

    #: User who reauthenticates with the password; failures are counted separately.
    reauthenticating: User | None = None
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _(
            "The user name or password is wrong. Passwords are case-sensitive. If you forgot "
            "yours, use “Forgot your password?” below or ask your administrator for a link."
        ),
        "email_password_mismatch": _(
            "The e-mail address or password is wrong. If you forgot your password, use "
            "“Forgot your password?” below or ask your administrator for a link."
        ),
        "incorrect_password": _("The password is wrong."),
        "rate_limited": _("Too many attempts. Try again in five minutes."),
    }

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """Return the error with its message; a rate limit leads to a 429 response."""
        if code == "rate_limited" and self.request:
            setattr(self.request, TOO_OFTEN, 0)
        error: ValidationError = super().validation_error(code, *args)
        return error

    def too_soon(self, seconds: int) -> ValidationError:
        """Return the error for an attempt that comes too soon; it leads to a 429 response."""
        setattr(self.request, TOO_OFTEN, seconds)
        return ValidationError(
            ngettext(
                "Too many failed attempts. Wait %(seconds)d second, then try again.",
                "Too many failed attempts. Wait %(seconds)d seconds, then try again.",
                seconds,
            ),
            code="too_soon",
            params={"seconds": seconds},
        )

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Return the user with this password; the name may be a user name or an e-mail address.

        Raises ValidationError if the attempt comes too soon.
        """
        at, name = timezone.now(), credentials.get("username") or credentials.get("email", "")
        require_real_password(credentials["password"])
        found = login_named(name)
        if self.reauthenticating is not None:
            attempt = own_attempt(throttle.AGAIN, request, self.reauthenticating, at)
        else:
            attempt = login_attempt(request, name, found, at)
        if seconds := throttle.begin(attempt, at=at):
            raise self.too_soon(seconds)
        # The work is the same for existing and unknown logins, so that timing reveals nothing.
        known = {"username": found.username if found else name}
        user: User | None = super().authenticate(request, **known, password=credentials["password"])
        if user is not None:
            throttle.succeed(attempt, at=at)
        return user

    def reauthenticate(self, user: User, password: str) -> bool:
        """Return whether `password` is right for `user`, who is logged in; counted separately."""
        self.reauthenticating = user
        is_right: bool = super().reauthenticate(user, password)
        return is_right

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: logins are created by invitation only."""
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Return whether a redirect to `url` is safe: an absolute path of this site."""
        return bool(url) and str(url).startswith("/") and super().is_safe_url(url)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Start the session: record its use, and remember the browser.

        The library has just saved the session's row.
        """
        request.session[LOGGED_IN] = int(time.time())
        session_length.begin(request.session, at=timezone.now())
        is_use_recorded(request.session.session_key)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        known_devices.remember(request, response, user, at=timezone.now())
        return response

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Return whether to ask for the password again; not in the minutes after a login."""
        at = self.request.session.get(LOGGED_IN, 0) if self.request else 0
        return time.time() - at > REAUTHENTICATION_TIMEOUT

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Add no message: our views show their own."""


class MfaAdapter(DefaultMFAAdapter):
    """Adapter of the second factor: secrets are encrypted, and a required factor stays."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("The code is wrong or has already been used. Wait for the next one."),
        "cannot_delete_authenticator": _(
            "Your paper requires two-step verification. You cannot turn it off."
        ),
    }

    def encrypt(self, text: str) -> str:
        """Return `text` encrypted with a key derived from SECRET_KEY."""
        return _fernet(settings.SECRET_KEY).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the decrypted text; the keys of SECRET_KEY_FALLBACKS also work."""
        for secret in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]:
            try:
                return _fernet(secret).decrypt(encrypted_text.encode()).decode()
            except InvalidToken:
                continue
        # No key fits. As for a lost device, the administrator must remove the factor.
        return base64.b32encode(hashlib.sha256(encrypted_text.encode()).digest()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Return whether the user may remove the factor."""
        return not needs_second_factor(authenticator.user)

    def get_totp_issuer(self) -> str:
        """Return the paper's name, which the authenticator app shows."""
        return get_paper().name

    def get_totp_label(self, user: User) -> str:
        """Return the user's display name."""
        return display_name(user)

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Send no e-mail: the log of the login records the event."""


def _fernet(secret: str | bytes) -> Fernet:
    raw = secret.encode() if isinstance(secret, str) else secret
    key = hashlib.sha256(b"newsroom.second-factor:" + raw).digest()
    return Fernet(base64.urlsafe_b64encode(key))
