"""Imports from django-allauth beyond its documented interface.

Private API of django-allauth 65.10 to 65.x, which has no public counterpart:

- `allauth.usersessions.internal.flows.sessions.end_other_sessions`: end a user's
  other sessions after a change of password, address or second factor;
- `allauth.mfa.totp.internal.auth.clear_totp_secret`: remove the secret of a finished set-up;
- `allauth.core.internal.cryptokit.normalize_user_code`: the form in which codes are compared;
- `allauth.core.context`: the current request, in forms that the library builds without it;
- `allauth.account.app_settings.REAUTHENTICATION_TIMEOUT`: seconds a confirmed password counts;
- `allauth.account.forms.default_token_generator` and `allauth.account.utils.user_pk_to_url_str`:
  the link to choose a new password;
- `allauth.account.utils.perform_login`: log in after an invitation, with the library's own stages;
- `allauth.mfa.utils.encrypt`: the secret of a second factor as the library stores it.

`tests/project/test_private_apis.py` fails when an upgrade changes one of them.
"""

from __future__ import annotations

from allauth.account.app_settings import REAUTHENTICATION_TIMEOUT
from allauth.account.forms import default_token_generator
from allauth.account.utils import perform_login, user_pk_to_url_str
from allauth.core import context
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.totp.internal.auth import clear_totp_secret
from allauth.mfa.utils import encrypt
from allauth.usersessions.internal.flows.sessions import end_other_sessions

__all__ = [
    "REAUTHENTICATION_TIMEOUT",
    "clear_totp_secret",
    "context",
    "default_token_generator",
    "encrypt",
    "end_other_sessions",
    "normalize_user_code",
    "perform_login",
    "user_pk_to_url_str",
]
