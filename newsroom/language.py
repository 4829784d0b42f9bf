"""The language of a page: Chinese, unless the person chose English.

A county paper's pages are Chinese for every browser: the browser's own language is not asked. The
paper in English has addresses of its own under /en/, so that any cache may keep a page without
knowing who asks; the desk's people have a cookie.
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

from reader.addresses import ENGLISH, inside, is_public


class LanguageMiddleware:
    """Activate the language of the address, at the desk that of the cookie."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the right language and say which it is."""
        path = request.path_info
        if is_public(path):
            if path == ENGLISH:
                return HttpResponsePermanentRedirect(ENGLISH + "/")
            chinese = inside(path)
            request.path_info = chinese or path
            code = "en" if chinese else settings.LANGUAGE_CODE
        else:
            chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
            code = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(code):
            request.LANGUAGE_CODE = code
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", code)
        return response


@require_safe
def choose(request: HttpRequest, code: str) -> HttpResponse:
    """Keep the language `code` in a cookie and go back to `next`, a path of this site."""
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
