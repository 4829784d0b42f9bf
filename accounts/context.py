"""The desk's shell around the pages of the login library."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import site
from django.http import HttpRequest

from .middleware import lacks_factor

_OURS = ("/desk/account/", "/desk/login/")


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the context of the desk's shell for the addresses of the login library."""
    if not request.path.startswith(_OURS) or not hasattr(request, "user"):
        return {}
    context = dict(site.each_context(request))
    if lacks_factor(request):
        # Every other place would only lead back here.
        context |= {"navigation": None, "has_permission": False, "must_set_up": True}
    return context
