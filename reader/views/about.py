"""The view about the paper itself."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ..base_context import render_page


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Show who makes the paper, how to reach and follow it, and its registration numbers."""
    return render_page(request, "reader/about.html", {"title": _("About us")})
