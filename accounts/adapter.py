"""How the login library behaves at this desk: no sign-up, our words, secrets encrypted."""

from __future__ import annotations

import base64
import hashlib
import time
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.app_settings import REAUTHENTICATION_TIMEOUT
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from bylines.services import display_name
from paper.querysets import the_paper

from .letters import address_of, send_apart
from .middleware import TOO_OFTEN, is_noted
from .rules import needs_second_factor

#: Where a session holds when its person logged in, in seconds since 1970.
LOGGED_IN = "newsroom_logged_in"


class AccountAdapter(DefaultAccountAdapter):
    """Logins are made by invitation; what the library says, it says in our words."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _(
            "User name or password is wrong. Mind capitals. Forgotten? Use “Password forgotten?” "
            "below, or ask your administrator for a link."
        ),
        "email_password_mismatch": _(
            "E-mail address or password is wrong. Forgotten? Use “Password forgotten?” below, or "
            "ask your administrator for a link."
        ),
        "too_many_login_attempts": _("Too many failed logins. Try again in five minutes."),
        "incorrect_password": _("The password is wrong."),
        "rate_limited": _("That was tried too often. Try again in five minutes."),
    }

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """Return the refusal in words; one for too many tries is answered with 429."""
        if code in {"too_many_login_attempts", "rate_limited"} and self.request:
            setattr(self.request, TOO_OFTEN, True)
        error: ValidationError = super().validation_error(code, *args)
        return error

    def lift_lock(self, user: User) -> None:
        """Forget the failed logins of who has a new password, under his name and his address."""
        for login in filter(None, [user.username, user.email]):
            self._delete_login_attempts_cached_email(self.request, email=login)

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs himself up: logins are made by invitation."""
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Return whether a page may lead on to `url`: a path of this site, whole."""
        return bool(url) and str(url).startswith("/") and super().is_safe_url(url)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return the address in the letter: the paper's own, whatever host a request names."""
        path = urlsplit(super().get_reset_password_from_key_url(key)).path
        return address_of(self.request, path)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a letter apart: how long the page takes must not tell whether there was one."""
        days = settings.PASSWORD_RESET_TIMEOUT // 86_400
        words = context | {"paper": the_paper(), "email": email, "days": days}
        send_apart(self.render_mail(template_prefix, email, words))

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Note that the session is in use; the library has written its row just now."""
        request.session[LOGGED_IN] = int(time.time())
        is_noted(request.session.session_key)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return response

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Return whether the password is asked for again; not in the minutes after a login."""
        at = self.request.session.get(LOGGED_IN, 0) if self.request else 0
        return time.time() - at > REAUTHENTICATION_TIMEOUT

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing: our pages say what was done."""


class MfaAdapter(DefaultMFAAdapter):
    """The second factor: its secrets are encrypted, and who needs one cannot drop it."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("The code is wrong or was used already. Wait for the next one."),
        "cannot_delete_authenticator": _("The paper asks you for a second factor: it stays."),
    }

    def encrypt(self, text: str) -> str:
        """Return `text` encrypted with a key that follows from the paper's secret."""
        return _fernet(settings.SECRET_KEY).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return what `encrypt` was given; an older secret of SECRET_KEY_FALLBACKS will do."""
        for secret in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]:
            try:
                return _fernet(secret).decrypt(encrypted_text.encode()).decode()
            except InvalidToken:
                continue
        # No key fits: like a lost device; the administrator removes the factor.
        return base64.b32encode(hashlib.sha256(encrypted_text.encode()).digest()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Return whether the person may drop it."""
        return not needs_second_factor(authenticator.user)

    def get_totp_issuer(self) -> str:
        """Return the paper's name, as the app on the phone shows it."""
        return the_paper().name

    def get_totp_label(self, user: User) -> str:
        """Return whose code it is."""
        return display_name(user)

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Send none: the desk's log of logins has it."""


def _fernet(secret: str | bytes) -> Fernet:
    raw = secret.encode() if isinstance(secret, str) else secret
    key = hashlib.sha256(b"newsroom.second-factor:" + raw).digest()
    return Fernet(base64.urlsafe_b64encode(key))
