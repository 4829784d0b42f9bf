"""Settings that every process needs: surface, apps, middleware, templates, database, files.

All values come from the environment; docs/operations.md lists the names.
"""

from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from newsroom import env

BASE_DIR = Path(__file__).resolve().parent.parent.parent
# A relative path is relative to the project, not to the working directory.
DATA_DIR = BASE_DIR / (env.text("NEWSROOM_DATA_DIR") or "var")
#: The demo runs on this machine for one user: it generates its secret and needs no host names.
DEMO = env.flag("NEWSROOM_DEMO")
# Always off, also in the demo: it shows Django's error pages and stores every query.
DEBUG = False
SURFACE = env.choice("NEWSROOM_SURFACE", ["both", "desk", "reader"], "both")
HAS_DESK = SURFACE != "reader"
HAS_READER = SURFACE != "desk"

INSTALLED_APPS = [
    "newsroom",
    *(["desk.apps.DeskConfig", "desk.apps.DeskAdminConfig"] if HAS_DESK else []),
    *(["reader"] if HAS_READER else []),
    *(["ingest", "issues", "articles"] if HAS_DESK else []),
    "press",
    "photos",
    "bylines",
    *(["accounts", "notifications", "outbox"] if HAS_DESK else []),
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


def _desk(*names: str) -> list[str]:
    return [f"newsroom.middleware.desk_only.{name}" for name in names] if HAS_DESK else []


MIDDLEWARE = [
    *(["reader.page_cache.middleware.PageCacheMiddleware"] if HAS_READER else []),
    "newsroom.middleware.security_headers.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "newsroom.middleware.null_bytes.NullBytesMiddleware",
    *_desk("SessionMiddleware"),
    "newsroom.middleware.language.LanguageMiddleware",
    *_desk("ConditionalGetMiddleware"),
    "django.middleware.common.CommonMiddleware",
    *(
        [
            "django.middleware.csrf.CsrfViewMiddleware",
            "newsroom.middleware.form_text.FormTextMiddleware",
        ]
        if HAS_DESK
        else []
    ),
    *_desk("AuthenticationMiddleware", "MessageMiddleware"),
    *(["allauth.account.middleware.AccountMiddleware"] if HAS_DESK else []),
    *_desk("AccountsMiddleware"),
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

# Used by `./run serve`; read here so that a wrong value is reported like all others.
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
        "accounts.context_processors.shell",
        "newsroom.context_processors.demo",
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
            "OPTIONS": {"environment": "reader.jinja_environment.environment"},
        }
    ]

DATABASES = {"default": env.database("DATABASE_URL", f"sqlite:///{DATA_DIR}/newsroom.sqlite3")}
_DATABASE = DATABASES["default"]
if _DATABASE["ENGINE"].endswith("sqlite3"):
    # A commit is on the disk before a response says that it is saved (docs/performance.md).
    _synchronous = "PRAGMA synchronous=FULL;"
    _DATABASE["OPTIONS"] = {
        # One writer at a time: a transaction takes the write lock when it begins.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": f"PRAGMA journal_mode=WAL; {_synchronous}",
    }
    if SURFACE == "reader":
        _DATABASE["NAME"] = f"file:{_DATABASE['NAME']}?mode=ro"
        _DATABASE["OPTIONS"] = {"uri": True, "timeout": 20, "init_command": _synchronous}
else:
    _DATABASE["CONN_HEALTH_CHECKS"] = True
    # Detect a server that does not respond after seconds, not after minutes.
    _DATABASE["OPTIONS"] = {
        "connect_timeout": 5,
        "tcp_user_timeout": 30_000,
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
        **_DATABASE.get("OPTIONS", {}),
    }
    if SURFACE == "reader":
        _DATABASE["OPTIONS"]["options"] = (
            # No query of the public site may occupy a process for long.
            "-c default_transaction_read_only=on -c statement_timeout=10000"
        )
# Connections persist between requests: opening one costs as much as half a response.
_DATABASE["CONN_MAX_AGE"] = env.number("NEWSROOM_DB_KEEP_SECONDS", 60)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_PROCESS = "django.core.cache.backends.locmem.LocMemCache"
CACHES: dict[str, dict[str, Any]] = {"default": {"BACKEND": _PROCESS}}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = BASE_DIR / (env.text("NEWSROOM_MEDIA_DIR") or DATA_DIR / "media")
WHITENOISE_USE_FINDERS = DEMO
WHITENOISE_AUTOREFRESH = DEMO
_HASHED = "whitenoise.storage.CompressedManifestStaticFilesStorage"
_PLAIN = "django.contrib.staticfiles.storage.StaticFilesStorage"
#: Photos are decoded in a separate process, with limits.
PHOTO_WORKER = True
#: Internal nginx location of the media folder (X-Accel-Redirect), such as /protected.
PHOTO_ACCEL = env.text("NEWSROOM_ACCEL").rstrip("/")
#: Photos are stored in a folder, or in a bucket of an S3-compatible store, always private.
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
_FOLDER = {"BACKEND": "newsroom.durable_storage.DurableStorage"}
_BUCKET = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": S3}
STORAGES = {
    "default": _BUCKET if S3["bucket_name"] else _FOLDER,
    "staticfiles": {"BACKEND": _PLAIN if DEMO else _HASHED},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

TAGGIT_CASE_INSENSITIVE = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"outages": {"()": "newsroom.logging_filters.OutageFilter"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["outages"]}
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
}
