"""The pages for what is not there, and for our own faults."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from ..shell import render_page


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, with a way on."""
    return render_page(request, "reader/404.html", {}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, without a query: the database may be what failed."""
    return HttpResponse(render_to_string("reader/500.html"), status=500)
