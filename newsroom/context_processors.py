"""Context processor of the demo."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from .demo import people


def demo(request: HttpRequest) -> dict[str, Any]:
    """Return the demo's logins for its login form, and nothing for other requests."""
    if not settings.DEMO or request.path != reverse("account_login"):
        return {}
    return {"demo_logins": people.LOGINS, "demo_password": people.PASSWORD}
