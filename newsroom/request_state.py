"""Check whether the form of a request has been parsed.

Private API of Django (used with 5.2): `HttpRequest._post`, which exists once `request.POST` has
been parsed. Accessing `request.POST` would parse it, and that may be what failed.
"""

from __future__ import annotations

from django.http import HttpRequest


def has_read_form(request: HttpRequest) -> bool:
    """Return whether the form fields of `request` have been parsed."""
    return "_post" in request.__dict__
