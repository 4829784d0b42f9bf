"""The pages for what is not there, and for our own faults."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.template.loader import render_to_string
from django.utils.encoding import escape_uri_path

from paper.querysets import new_address

from ..addresses import ENGLISH, inside
from ..shell import public, render_page


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """301 where the page has another address now, else 404 with a way on."""
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
    """500, without a query: the database may be what failed."""
    return HttpResponse(render_to_string("reader/500.html"), status=500)
