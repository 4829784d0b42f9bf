"""Settings of the desk: logins, second factor, shared counters, mail."""

from pathlib import Path
from typing import Any

from newsroom import env

from .base import DATA_DIR, DEMO, HAS_DESK

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "admin:index"
caches: dict[str, dict[str, Any]] = {}
if HAS_DESK:
    AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
    # Counts of the login library's rate limits, shared by all processes.
    caches = {
        "default": {
            "BACKEND": "accounts.cache.CountsCache",
            "LOCATION": "newsroom_cache",
            # Beyond it counts are dropped: many made-up names must not evict another count.
            "OPTIONS": {"MAX_ENTRIES": 20_000},
        },
        # Values that only one process needs, and may lose.
        "process": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": "process",
            "OPTIONS": {"MAX_ENTRIES": 5_000},
        },
    }
#: Who must have a second factor: nobody, editors and above, or everybody.
SECOND_FACTOR = env.choice(
    "NEWSROOM_SECOND_FACTOR", ["off", "editors", "all"], "off" if DEMO else "editors"
)
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_AUTHENTICATED_LOGIN_REDIRECTS = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_FORMS = {
    "login": "accounts.forms.DeskLoginForm",
    "reset_password": "accounts.forms.ForgottenForm",
    "reset_password_from_key": "accounts.forms.LetterForm",
}
# accounts.throttle slows down failed logins and codes, and locks nobody out. The other limits count
# by address or user, so that nobody uses up what others need.
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "login_failed": None,
    "reset_password": "20/m/ip",
    "reset_password_from_key": None,
    "invite": "30/m/user",
}
#: Printed by the demo; refused outside the demo.
DEMO_PASSWORD = "newsroom-demo"  # noqa: S105 - public
MFA_ADAPTER = "accounts.adapter.MfaAdapter"
MFA_FORMS = {
    "activate_totp": "accounts.forms.FirstCodeForm",
    "authenticate": "accounts.forms.CodeForm",
    "reauthenticate": "accounts.forms.CodeAgainForm",
}
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
# Accept the codes of the steps before and after: users type slowly and clocks drift.
MFA_TOTP_TOLERANCE = 1
#: File outside the database in which the heads of all sealed logs are anchored.
ANCHOR_FILE = Path(env.text("NEWSROOM_ANCHOR_FILE") or DATA_DIR / "anchor.jsonl")

# E-mails contain links that open logins, so only the demo prints them.
globals().update(env.email("NEWSROOM_EMAIL_URL", "consolemail://" if DEMO else "dummymail://"))
DEFAULT_FROM_EMAIL = env.text("NEWSROOM_EMAIL_FROM", "newsroom@localhost")
#: Timeout in seconds for a mail server that does not respond.
EMAIL_TIMEOUT = env.number("NEWSROOM_EMAIL_TIMEOUT", 15, least=1, most=300)
#: Base URL of links in e-mails, such as https://paper.example.cn.
DESK_ADDRESS = env.text("NEWSROOM_DESK_ADDRESS").rstrip("/")
#: Whether a thread of this process may be the elected runner of the outbox.
HAS_OUTBOX_RUNNER = env.flag("NEWSROOM_OUTBOX", default=True)
