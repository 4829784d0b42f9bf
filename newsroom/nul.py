"""No address and no form holds the character NUL: PostgreSQL cannot even be asked for it."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, QueryDict


class NulMiddleware:
    """Answer 400 to an address with NUL in its path or query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look at the address, then go on."""
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest
        return self.get_response(request)


class NulInFormsMiddleware:
    """Take NUL out of every field of a form, once for all views: no text loses anything by it.

    Stands behind the check of the form's token, so that nothing else is read from a stranger.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Go on: the form is looked at when its view is known."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        """Put a form without NUL in the place of one that has it."""
        fields = [(name, value) for name, values in request.POST.lists() for value in values]
        if any("\0" in name or "\0" in value for name, value in fields):
            clean = QueryDict(mutable=True)
            for name, value in fields:
                clean.appendlist(name.replace("\0", ""), value.replace("\0", ""))
            request.POST = clean  # type: ignore[assignment]
