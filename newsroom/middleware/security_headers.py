"""Security headers of every response, in one place.

`complete` returns the missing ones. Two callers cover all responses: the middleware, inside the
page cache, so that cached responses contain them; and the WSGI wrapper, for responses made outside
Django's middleware.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

_DESK = "/desk/"
#: Paths that are not of the desk, although a process may serve the desk alone.
_NO_PAGES = ("/static/", "/healthz")
_IMAGES = (".avif", ".gif", ".ico", ".jpg", ".jpeg", ".png", ".svg", ".webp")
#: Statuses of desk responses that a browser may store; others may change at any moment.
_STORABLE = frozenset({200, 206, 304})


def policy(directives: Mapping[str, Iterable[str]], nonces: Iterable[str] = ()) -> str:
    """Return a Content Security Policy header that allows `nonces` for scripts."""
    parts = []
    for directive, sources in directives.items():
        extra = [f"'nonce-{nonce}'" for nonce in nonces] if directive == "script-src" else []
        parts.append(" ".join([directive, *sources, *extra]))
    return "; ".join(parts)


def complete(
    path: str, status: int, known: Mapping[str, str], nonces: Iterable[str] = ()
) -> list[tuple[str, str]]:
    """Return the security headers that are not in `known` (names in lower case)."""
    is_desk = is_of_desk(path)
    directives = settings.SECURE_CSP if is_desk else settings.SECURE_CSP_PUBLIC
    wanted = {
        "Content-Security-Policy": policy(directives, nonces),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": settings.X_FRAME_OPTIONS,
        "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
        "Permissions-Policy": settings.PERMISSIONS_POLICY,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if not is_desk and (path.endswith(_IMAGES) or path == "/logo/"):
        # Feed readers and sites that quote a story show its photos. The path decides: a 304 has
        # no content type, and replaces the headers of the stored response.
        wanted["Cross-Origin-Resource-Policy"] = "cross-origin"
    is_page = known.get("content-type", "").startswith("text/html")
    if is_desk and (is_page or status not in _STORABLE):
        wanted["Cache-Control"] = "no-store"
    return [(name, value) for name, value in wanted.items() if name.lower() not in known]


def is_of_desk(path: str) -> bool:
    """Return whether `path` belongs to the desk."""
    if not settings.HAS_DESK:
        return False
    return path.startswith(_DESK) or not (settings.HAS_READER or path.startswith(_NO_PAGES))


class SecurityHeadersMiddleware:
    """Add the missing security headers to a response.

    If a template or a view uses `request.csp_nonce`, script-src contains that nonce, as with the
    middleware of Django 6.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the response with the missing headers."""
        used: list[str] = []

        def make_nonce() -> str:
            used.append(secrets.token_urlsafe(16))
            return used[0]

        request.csp_nonce = SimpleLazyObject(make_nonce)  # type: ignore[attr-defined]
        # Read it now: the language middleware strips /en from it.
        path = request.path_info
        response = self.get_response(request)
        known = {name.lower(): value for name, value in response.items()}
        for name, value in complete(path, response.status_code, known, used):
            response.headers[name] = value
        return response


def with_headers(application: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """Return the WSGI `application` with complete headers on every response."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *exc_info: Any) -> Any:
            known = {name.lower(): value for name, value in headers}
            more = complete(environ["PATH_INFO"], int(status[:3]), known)
            return start_response(status, [*headers, *more], *exc_info)

        return application(environ, start)

    return answer
