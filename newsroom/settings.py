"""The settings, all from the environment; docs/operations.md lists the names.

Wrong values are reported by `manage.py check` (see `newsroom.env`).
"""

import secrets
import sys
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from newsroom import env

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.text("NEWSROOM_DATA_DIR") or BASE_DIR / "var")
#: The demo runs on this machine for one person: a secret of its own, no host names needed.
DEMO = env.flag("NEWSROOM_DEMO")
TESTING = "pytest" in sys.modules
# Never on, in the demo neither: its pages for errors are Django's, and it keeps every query.
DEBUG = False
SURFACE = env.choice("NEWSROOM_SURFACE", ["both", "desk", "reader"], "both")
HAS_DESK = SURFACE != "reader"
HAS_READER = SURFACE != "desk"


def _demo_secret() -> str:
    """Return the demo's own secret, made at its first start and kept in the data folder."""
    path = DATA_DIR / "demo-secret"
    if not path.exists():
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48), encoding="ascii")
    return path.read_text(encoding="ascii")


SECRET_KEY = env.secret("NEWSROOM_SECRET_KEY") or (_demo_secret() if DEMO else "")
HAS_SECRET_KEY = bool(SECRET_KEY)
# Without one, commands such as `check` still run and say so; sessions last until the next start.
SECRET_KEY = SECRET_KEY or secrets.token_urlsafe(48)

ALLOWED_HOSTS = env.words("NEWSROOM_HOSTS")
if DEMO:
    ALLOWED_HOSTS = ALLOWED_HOSTS or ["127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if host not in {"*", "[::1]"}]

INSTALLED_APPS = [
    "newsroom",
    *(["desk.apps.DeskConfig", "desk.apps.DeskAdminConfig"] if HAS_DESK else []),
    *(["reader"] if HAS_READER else []),
    *(["ingest", "issues", "articles"] if HAS_DESK else []),
    "press",
    "photos",
    "bylines",
    *(["accounts", "notices"] if HAS_DESK else []),
    "paper",
    "proofing",
    "search",
    *(["allauth", "allauth.account", "allauth.mfa", "allauth.usersessions"] if HAS_DESK else []),
    "django.contrib.auth",
    "django.contrib.contenttypes",
    *(["django.contrib.humanize"] if HAS_DESK else []),
    *(["django.contrib.sessions", "django.contrib.messages"] if HAS_DESK else []),
    *(["django_prose_editor"] if HAS_DESK else []),
    "django.contrib.staticfiles",
    "taggit",
    "django_filters",
]

MIDDLEWARE = [
    *(["reader.caching.PageCacheMiddleware"] if HAS_READER else []),
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "newsroom.csp.ContentSecurityPolicyMiddleware",
    "newsroom.nul.NulMiddleware",
    *(["django.contrib.sessions.middleware.SessionMiddleware"] if HAS_DESK else []),
    "newsroom.language.LanguageMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.middleware.common.CommonMiddleware",
    *(
        [
            "django.middleware.csrf.CsrfViewMiddleware",
            "newsroom.nul.NulInFormsMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "allauth.account.middleware.AccountMiddleware",
            "accounts.middleware.AccountsMiddleware",
        ]
        if HAS_DESK
        else []
    ),
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

# Read by `manage.py serve`, here so that a wrong value is reported like all others.
SERVER_BIND = env.text("NEWSROOM_BIND", "127.0.0.1:8000")
SERVER_WORKERS = env.number("NEWSROOM_WORKERS", 2, least=1, most=64)
SERVER_THREADS = env.number("NEWSROOM_THREADS", 4, least=1, most=64)
SERVER_ACCESS_LOG = env.flag("NEWSROOM_ACCESS_LOG")

ROOT_URLCONF = "newsroom.urls"
WSGI_APPLICATION = "newsroom.wsgi.application"
ASGI_APPLICATION = "newsroom.asgi.application"

_CONTEXT = ["django.template.context_processors.request"]
if HAS_DESK:
    _CONTEXT += [
        "django.contrib.auth.context_processors.auth",
        "django.contrib.messages.context_processors.messages",
        "accounts.context.shell",
    ]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": _CONTEXT},
    },
]
if HAS_READER:
    TEMPLATES += [
        {
            "NAME": "jinja",
            "BACKEND": "django.template.backends.jinja2.Jinja2",
            "DIRS": [BASE_DIR / "templates" / "jinja"],
            "OPTIONS": {"environment": "reader.jinja.environment"},
        }
    ]

DATABASES = {"default": env.database("DATABASE_URL", f"sqlite:///{DATA_DIR}/newsroom.sqlite3")}
_DATABASE = DATABASES["default"]
if _DATABASE["ENGINE"].endswith("sqlite3"):
    DATA_DIR.mkdir(parents=True, exist_ok=True)
    _DATABASE["OPTIONS"] = {
        # One writer at a time: a transaction takes its turn when it begins, not half-way.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
    if SURFACE == "reader":
        _DATABASE["NAME"] = f"file:{_DATABASE['NAME']}?mode=ro"
        _DATABASE["OPTIONS"] = {"uri": True, "timeout": 20}
else:
    _DATABASE["CONN_HEALTH_CHECKS"] = True
    if SURFACE == "reader":
        _DATABASE.setdefault("OPTIONS", {})["options"] = (
            # No reader's question may keep a process for long.
            "-c default_transaction_read_only=on -c statement_timeout=10000"
        )
# Kept open between requests: to open one costs as much as half a page.
_DATABASE["CONN_MAX_AGE"] = env.number("NEWSROOM_DB_KEEP_SECONDS", 60)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "admin:index"
_PROCESS = "django.core.cache.backends.locmem.LocMemCache"
CACHES: dict[str, dict[str, Any]] = {"default": {"BACKEND": _PROCESS}}
if HAS_DESK:
    AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
    # One count of failed logins for all processes.
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "newsroom_cache",
            # Beyond it counts are dropped: many made-up names must not wipe the count of one.
            "OPTIONS": {"MAX_ENTRIES": 20_000},
        },
        # What one process alone need know, and may forget.
        "process": {
            "BACKEND": _PROCESS,
            "LOCATION": "process",
            "OPTIONS": {"MAX_ENTRIES": 5_000},
        },
    }
#: Who must have a second factor beside the password: nobody, from the editors up, or all.
SECOND_FACTOR = env.choice(
    "NEWSROOM_SECOND_FACTOR", ["off", "editors", "all"], "off" if DEMO or TESTING else "editors"
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
    "reset_password_from_key": "accounts.forms.LetterForm",
}
# The rest are the library's: 5 failed logins in 5 minutes for a name, 30 a minute from one place.
ACCOUNT_RATE_LIMITS = {"link": "20/m/ip", "invite": "30/m/user"}
MFA_ADAPTER = "accounts.adapter.MfaAdapter"
MFA_FORMS = {
    "activate_totp": "accounts.forms.FirstCodeForm",
    "authenticate": "accounts.forms.CodeForm",
    "reauthenticate": "accounts.forms.CodeAgainForm",
}
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
# A code of the step before or after is good too: people type slowly, and phones' clocks drift.
MFA_TOTP_TOLERANCE = 1
#: How many proxies stand before the server: that many addresses of X-Forwarded-For are theirs.
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("NEWSROOM_PROXIES", 0, most=9)
CSRF_FAILURE_VIEW = "newsroom.errors.csrf_failure"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = Path(env.text("NEWSROOM_MEDIA_DIR") or DATA_DIR / "media")
WHITENOISE_USE_FINDERS = DEMO or TESTING
WHITENOISE_AUTOREFRESH = DEMO
if WHITENOISE_USE_FINDERS:
    # Nothing is collected then; WhiteNoise warns of a folder that is not there.
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)
_HASHED = "whitenoise.storage.CompressedManifestStaticFilesStorage"
_PLAIN = "django.contrib.staticfiles.storage.StaticFilesStorage"
#: Photos are decoded in a process of their own, with limits; the tests of other things do without.
PHOTO_WORKER = not TESTING
#: Where nginx keeps the media folder for itself (X-Accel-Redirect), such as /protected.
PHOTO_ACCEL = env.text("NEWSROOM_ACCEL").rstrip("/")
#: Photos lie in a folder, or in a bucket of an S3-compatible store; always private there.
S3 = {
    "bucket_name": env.text("NEWSROOM_S3_BUCKET"),
    "endpoint_url": env.text("NEWSROOM_S3_ENDPOINT") or None,
    "region_name": env.text("NEWSROOM_S3_REGION") or None,
    "access_key": env.text("NEWSROOM_S3_KEY") or None,
    "secret_key": env.secret("NEWSROOM_S3_SECRET") or None,
    "addressing_style": env.choice("NEWSROOM_S3_STYLE", ["auto", "path", "virtual"], "auto"),
    "default_acl": None,
    "file_overwrite": False,
}
_FOLDER = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
_BUCKET = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": S3}
STORAGES = {
    "default": _BUCKET if S3["bucket_name"] else _FOLDER,
    "staticfiles": {"BACKEND": _PLAIN if DEMO or TESTING else _HASHED},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

#: How often a process looks whether something was printed, withdrawn or corrected, in seconds.
PRESS_LOOK_SECONDS = 0 if TESTING else 0.2
#: How long a CDN may keep a page without asking; never beyond the next release. In that time a
#: withdrawn story can still be read there, so 0 unless the operator wants otherwise.
CDN_SECONDS = env.number("NEWSROOM_CDN_SECONDS", 0, most=3600)
#: Pages that a process keeps, in MB.
PAGE_CACHE_MB = env.number("NEWSROOM_PAGE_CACHE_MB", 64, most=4096)
#: Pages that several processes share, such as redis://10.0.0.5:6379/0.
CACHE_URL = env.secret("NEWSROOM_CACHE_URL")
if CACHE_URL:
    CACHES["pages"] = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": CACHE_URL,
        "KEY_PREFIX": "newsroom",
        # Slower than this, it is quicker to make the page.
        "OPTIONS": {
            "serializer": "reader.shared.Plain",
            "socket_timeout": 0.5,
            "socket_connect_timeout": 0.5,
        },
    }

#: Whether readers' devices may install the paper and keep its last issue.
OFFLINE = env.flag("NEWSROOM_OFFLINE", default=True)

TAGGIT_CASE_INSENSITIVE = True

for _name, _value in env.email("NEWSROOM_EMAIL_URL").items():
    globals()[_name] = _value
DEFAULT_FROM_EMAIL = env.text("NEWSROOM_EMAIL_FROM", "newsroom@localhost")
#: Seconds that a silent mail server may keep the postman waiting.
EMAIL_TIMEOUT = env.number("NEWSROOM_EMAIL_TIMEOUT", 15, least=1, most=300)
#: Stands before the paths in letters, such as https://paper.example.cn.
DESK_ADDRESS = env.text("NEWSROOM_DESK_ADDRESS").rstrip("/")
HAS_POSTMAN = env.flag("NEWSROOM_POSTMAN", default=True)

# No inline script or style on any page, the desk included; a nonce where a library needs one.
SECURE_CSP = {
    "default-src": ["'self'"],
    "script-src": ["'self'"],
    # The hash is that of the one style sheet which the prose editor writes into its page.
    "style-src": ["'self'", "'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='"],
    "img-src": ["'self'", "data:"],
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
# Readers' pages have no forms and no cookies: nothing for a token to guard.
SILENCED_SYSTEM_CHECKS = [] if HAS_DESK else ["security.W003"]
SESSION_COOKIE_AGE = 14 * 24 * 3600
HTTPS = env.flag("NEWSROOM_HTTPS", default=not DEMO)
if HTTPS and not TESTING:
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = env.number("NEWSROOM_HSTS_SECONDS", 31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
