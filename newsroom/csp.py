"""Content Security Policy, named like the one that Django 6 brings: drop this file then."""

import secrets
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject


class ContentSecurityPolicyMiddleware:
    """Send `settings.SECURE_CSP` with every answer.

    A template or a view that uses `request.csp_nonce` gets the nonce into script-src.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the header unless a view has set one of its own."""
        used: list[str] = []

        def make_nonce() -> str:
            used.append(secrets.token_urlsafe(16))
            return used[0]

        request.csp_nonce = SimpleLazyObject(make_nonce)  # type: ignore[attr-defined]
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", policy(used))
        return response


def policy(nonces: list[str]) -> str:
    """Return the header's value, with the nonces of this answer allowed for scripts."""
    parts = []
    for directive, sources in settings.SECURE_CSP.items():
        extra = [f"'nonce-{nonce}'" for nonce in nonces] if directive == "script-src" else []
        parts.append(" ".join([directive, *sources, *extra]))
    return "; ".join(parts)
