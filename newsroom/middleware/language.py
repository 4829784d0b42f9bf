"""Language of a response: Chinese, unless the user has chosen English.

The middleware ignores the Accept-Language header. English pages of the public site have their own
URLs under /en/, so that any cache can store a response for all readers. The desk uses a cookie.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from reader.url_helpers import ENGLISH, inside, is_public


class LanguageMiddleware:
    """Activate the language of the URL, or that of the cookie at the desk."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the response in the active language, with its Content-Language."""
        path = request.path_info
        if is_public(path):
            if path == ENGLISH:
                return HttpResponsePermanentRedirect(ENGLISH + "/")
            request.path_info = inside(path) or path
        code = language_of(request)
        with translation.override(code):
            request.LANGUAGE_CODE = code
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", code)
        return response


def language_of(request: HttpRequest) -> str:
    """Return the language of the URL, or that of the cookie at the desk."""
    if is_public(request.path):
        return "en" if inside(request.path) else settings.LANGUAGE_CODE
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


@require_safe
def choose(request: HttpRequest, code: str) -> HttpResponse:
    """Store the language `code` in a cookie and redirect to `next`, a path of this site."""
    target = request.GET.get("next", "/")
    is_ours = target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    response = HttpResponseRedirect(target if is_ours else "/")
    if code in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            code,
            max_age=365 * 24 * 3600,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            samesite="Lax",
        )
    return response
