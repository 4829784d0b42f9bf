"""Baselines for benchmarks of the public site: minimal views and a constant WSGI response."""

from __future__ import annotations

#: View without middleware, and a constant body without Django; `size` in bytes.
BARE = """
from django.conf import settings
settings.configure(SECRET_KEY="x" * 50, ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], MIDDLEWARE=[])
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path
BODY = b"x" * {size}
urlpatterns = [path("", lambda request: HttpResponse(BODY))]
django_view = get_wsgi_application()
def constant(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/html"), ("Content-Length", str(len(BODY)))])
    return [BODY]
"""
#: Middleware setting of a bare view: none, or that of `startproject`.
NONE = "MIDDLEWARE=[]"
STOCK = """
INSTALLED_APPS=[f"django.contrib.{a}" for a in ("auth", "contenttypes", "sessions", "messages")],
MIDDLEWARE=[
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]""".strip()
#: View in this project, inside its middleware.
OURS = """
import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.urls import path
django.setup()
settings.ROOT_URLCONF = __name__
BODY = b"x" * {size}
urlpatterns = [path("desk/bare", lambda request: HttpResponse(BODY))]
django_view = WSGIHandler()
"""
