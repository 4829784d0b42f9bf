"""Context processor for the desk's layout around the login library's templates."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import site
from django.http import HttpRequest

from . import emails
from .middleware import lacks_factor

_OURS = ("/desk/account/", "/desk/login/")


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the context of the desk's layout for the URLs of the login library."""
    if not request.path.startswith(_OURS) or not hasattr(request, "user"):
        return {}
    context = {**site.each_context(request), "mail_goes_out": emails.is_mail_delivered()}
    if lacks_factor(request):
        # Every other URL would redirect back here.
        context |= {"navigation": None, "has_permission": False, "must_set_up": True}
    return context
