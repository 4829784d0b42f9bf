"""Django's middlewares that know who asks: they pass readers' pages by, where nobody is known.

So no public page can read or set a cookie by mistake, and none pays for what it does not use.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.middleware.http import ConditionalGetMiddleware

from reader.addresses import is_public


class _DeskOnly:
    get_response: Callable[[HttpRequest], HttpResponse]

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Go on at once where the address is the paper's."""
        if is_public(request.path_info):
            return self.get_response(request)
        return super().__call__(request)  # type: ignore[misc,no-any-return]


class Session(_DeskOnly, SessionMiddleware):
    """Sessions."""


class Authentication(_DeskOnly, AuthenticationMiddleware):
    """The person who is logged in."""


class Message(_DeskOnly, MessageMiddleware):
    """Messages on the next page."""


class ConditionalGet(_DeskOnly, ConditionalGetMiddleware):
    """304 of the desk's pages; the paper's have an ETag of their own (reader.keeping)."""


class Csrf(_DeskOnly, CsrfViewMiddleware):
    """The token of forms, of which the paper has none."""

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        """Check the token of a form of the desk."""
        return None if is_public(request.path_info) else super().process_view(request, *view)
