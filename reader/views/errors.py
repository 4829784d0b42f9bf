"""Error views of the public site."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.template.loader import render_to_string
from django.utils.encoding import escape_uri_path
from django.utils.translation import get_language

from paper.querysets import new_address

from ..base_context import public, render_page
from ..url_helpers import ENGLISH, inside


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return a 301 if the view has moved, else 404 with further links."""
    new = new_address(request.path)
    if not new and inside(request.path):
        new = new_address(request.path_info)
        new = new and ENGLISH + new
    if new:
        query = request.META.get("QUERY_STRING", "")
        target = escape_uri_path(new) + (f"?{query}" if query else "")
        return public(HttpResponsePermanentRedirect(target))
    return render_page(request, "reader/404.html", {}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Return 500 without a query: the database may be the cause."""
    page = render_to_string("reader/500.html", {"lang": get_language()})
    return HttpResponse(page, status=500)


def outage(request: HttpRequest, **_words: Any) -> HttpResponse:
    """Return 503 without a query; the reader is not told which part failed."""
    page = render_to_string("reader/503.html", {"lang": get_language()})
    return HttpResponse(page, status=503)
