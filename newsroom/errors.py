"""Which surface says that a page is not there: the desk to its people, the paper to its readers."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views import defaults


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404 in the dress of the surface."""
    return _errors(request).not_found(request, exception)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400; what failed before there is a login, such as a wrong host, gets Django's bare page."""
    errors = _errors(request)
    if not hasattr(errors, "bad_request") or not hasattr(request, "user"):
        return defaults.bad_request(request, exception)
    return errors.bad_request(request, exception)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403; readers' pages refuse nobody, and say that there is nothing."""
    errors = _errors(request)
    return getattr(errors, "forbidden", errors.not_found)(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """500 in the dress of the surface."""
    return _errors(request).server_error(request)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without a valid token; only the desk has forms."""
    from desk import errors

    return errors.csrf_failure(request, reason)


def _errors(request: HttpRequest) -> Any:
    """Return the module of the surface that `request` is for."""
    if settings.HAS_DESK and (request.path.startswith("/desk/") or not settings.HAS_READER):
        from desk import errors

        return errors
    from reader.views import errors as readers

    return readers
