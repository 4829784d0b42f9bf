"""Settings that protect the site: secret key, host names, HTTPS, Content Security Policy."""

import secrets
from urllib.parse import urlsplit

from newsroom import env

from .base import DATA_DIR, DEMO, HAS_DESK
from .desk import DESK_ADDRESS

_SECRET = env.secret("NEWSROOM_SECRET_KEY")
#: File with the secret key of a demo without one; `newsroom.data_folder` creates it.
DEMO_SECRET_FILE = DATA_DIR / "demo-secret" if DEMO and not _SECRET else None


def _demo_secret() -> str:
    """Return the secret key of the demo, or "" before `newsroom.data_folder` has created it."""
    if DEMO_SECRET_FILE is None or not DEMO_SECRET_FILE.exists():
        return ""
    return DEMO_SECRET_FILE.read_text(encoding="ascii")


HAS_SECRET_KEY = bool(_SECRET) or DEMO
# Without a key, commands such as `check` still run and report it; sessions end with the process.
SECRET_KEY = _SECRET or _demo_secret() or secrets.token_urlsafe(48)

ALLOWED_HOSTS = env.word_list("NEWSROOM_HOSTS")
if DEMO:
    ALLOWED_HOSTS = ALLOWED_HOSTS or ["127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if host not in {"*", "[::1]"}]
if DESK_ADDRESS.startswith(("http://", "https://")):
    # The operator's own statement, with the port: it holds where a proxy drops the port.
    CSRF_TRUSTED_ORIGINS.append("{0.scheme}://{0.netloc}".format(urlsplit(DESK_ADDRESS)))

CSRF_FAILURE_VIEW = "newsroom.error_views.csrf_failure"
#: Number of proxies in front of the server, and of X-Forwarded-For addresses that are theirs.
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("NEWSROOM_PROXIES", 0, most=9)
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# No inline script or style anywhere, the desk included; a nonce where a library needs one.
SECURE_CSP_PUBLIC = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'"],
    # Search suggestions, and what the service worker stores.
    "connect-src": ["'self'"],
    "manifest-src": ["'self'"],
    "worker-src": ["'self'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
}
SECURE_CSP = SECURE_CSP_PUBLIC | {
    # Hash of the one style sheet that the prose editor inserts.
    "style-src": ["'self'", "'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='"],
    "img-src": ["'self'", "data:"],
    # Icons of the prose editor.
    "font-src": ["'self'"],
}
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        *("accelerometer", "camera", "display-capture", "geolocation", "gyroscope"),
        *("magnetometer", "microphone", "midi", "payment", "usb"),
    )
)
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
# The public site has no forms and no cookies, so CSRF protection has nothing to protect.
SILENCED_SYSTEM_CHECKS = [] if HAS_DESK else ["security.W003"]
# Longest idle time of a session; accounts.session_length ends most of them sooner.
SESSION_COOKIE_AGE = 30 * 24 * 3600
HTTPS = env.flag("NEWSROOM_HTTPS", default=not DEMO)
if HTTPS:
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER: tuple[str, str] | None = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = env.number("NEWSROOM_HSTS_SECONDS", 31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
