"""Settings of the tests: those of a running paper, but faster and without HTTPS."""

from newsroom import settings as running

from . import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
SECOND_FACTOR = "off"
# Each request checks the content version.
PRESS_LOOK_SECONDS = 0

# Static files are served from their source folders; nothing is collected.
WHITENOISE_USE_FINDERS = True
# Each test client creates the middleware, which would scan the static files each time.
WHITENOISE_AUTOREFRESH = True
STORAGES = {
    **running.STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Photos are decoded in this process; tests of the sandbox turn the worker on.
PHOTO_WORKER = False

SECURE_SSL_REDIRECT = False
SECURE_PROXY_SSL_HEADER = None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = False
SECURE_HSTS_SECONDS = 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = False
