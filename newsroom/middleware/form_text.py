"""Middleware that cleans the characters of everything typed, before any view or form reads it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict

from textkit.characters import clean_text


class FormTextMiddleware:
    """Clean every field of forms and query strings with `textkit.characters.clean_text`.

    No field has to do this itself. A line break counts one character, as in the browser's
    `maxlength`, where forms are sent with two. NUL goes too: PostgreSQL does not accept it.
    Bullets of symbol fonts stay, because the body's cleanup makes lists of them. Passwords lose
    nothing but NUL: they were set as they are typed.

    It comes after the CSRF middleware, so that no other form data is parsed before that check.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Continue; `process_view` cleans the form."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        """Replace data that contains odd characters with a clean copy."""
        if request.META.get("QUERY_STRING"):
            request.GET = _clean(request.GET)  # type: ignore[assignment]
        if request.method == "POST":
            request.POST = _clean(request.POST)  # type: ignore[assignment]


def _clean(data: QueryDict) -> QueryDict:
    """Return `data` itself if it is clean, else a copy."""
    sent = [(name, value) for name, values in data.lists() for value in values]
    clean = [(name.replace("\0", ""), _clean_value(name, value)) for name, value in sent]
    if clean == sent:
        return data
    copy = QueryDict(mutable=True, encoding=data.encoding)
    for name, value in clean:
        copy.appendlist(name, value)
    return copy


def _clean_value(name: str, value: str) -> str:
    if "password" in name.lower():
        return value.replace("\0", "")
    return clean_text(value, symbols=False)
