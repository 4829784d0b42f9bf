"""The page about the paper itself."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ..shell import render_page


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Who makes the paper, how to reach it, how to follow it, what its numbers are."""
    return render_page(request, "reader/about.html", {"title": _("About us")})
