"""Error handlers: they answer an outage, and leave the rest to the surface of the request."""

from __future__ import annotations

import sys
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.views import defaults

from .outage_response import outage_response


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return 404 in the layout of the surface."""
    errors = _errors(request)
    return outage_response(request, exception, errors) or errors.not_found(request, exception)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return 400; a failure before authentication, such as a wrong host, gets Django's response.

    A session that could not be saved ends here too: Django takes it for a deleted one.
    """
    errors = _errors(request)
    outage = outage_response(request, exception, errors)
    if outage:
        return outage
    if not hasattr(errors, "bad_request") or not hasattr(request, "user"):
        return defaults.bad_request(request, exception)
    return errors.bad_request(request, exception)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return 403; the public site, which has no permissions, returns 404."""
    errors = _errors(request)
    answer = getattr(errors, "forbidden", errors.not_found)
    return outage_response(request, exception, errors) or answer(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Return 500 in the layout of the surface, or 503 if the database or the disk has failed.

    Django calls this while it handles the exception, from a view or from any middleware.
    """
    errors = _errors(request)
    return outage_response(request, sys.exception(), errors) or errors.server_error(request)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Return 403 for a form without a valid token; 405 outside the desk, which has no forms."""
    if not request.path.startswith("/desk/"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    from desk import error_views

    return error_views.csrf_failure(request, reason)


def _errors(request: HttpRequest) -> Any:
    """Return the module with the error views of the surface that `request` is for."""
    if settings.HAS_DESK and (request.path.startswith("/desk/") or not settings.HAS_READER):
        from desk import error_views

        return error_views
    from reader.views import errors as readers

    return readers
