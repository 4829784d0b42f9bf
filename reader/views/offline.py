"""Web app views: the manifest, the service worker, and the issue cached for offline use."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from paper.models import Paper

from ..base_context import public, render_page, surroundings
from ..offline import files, offline_issue

#: The red and the white of the paper, as in reader.css.
RED, PAPER = "#a6192e", "#fffefb"
ICONS = (("192", "any"), ("512", "any"), ("512", "maskable"))
#: Maximum length of an app name that a phone shows uncut under its icon.
SHORT = 12


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """Return the web app manifest: name, colours and icons."""
    _require_offline()
    paper: Paper = surroundings(request)["paper"]
    data = {
        "id": "/",
        "name": paper.name,
        "short_name": paper.name[:SHORT],
        "lang": "zh-Hans",
        "dir": "ltr",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "theme_color": RED,
        "background_color": PAPER,
        "icons": [_icon(size, purpose) for size, purpose in ICONS],
    }
    return _json(data, "application/manifest+json")


@require_safe
def offline_list(request: HttpRequest) -> HttpResponse:
    """Return the list of URLs to cache; a new `version` makes a device fetch all of them again."""
    _require_offline()
    cached = offline_issue(surroundings(request)["edition"])
    return _json(
        {
            "issue": cached.edition.get_absolute_url() if cached.edition else "",
            "version": cached.version,
            "pages": cached.addresses,
            "files": files(),
        }
    )


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """Show the fallback for views that a device has not cached: a list of those it has."""
    _require_offline()
    cached = offline_issue(surroundings(request)["edition"])
    return render_page(request, "reader/offline.html", {"pages": cached.pages})


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """Return the service worker, or one that removes it if offline use is switched off."""
    response = HttpResponse(_script(settings.OFFLINE), content_type="text/javascript")
    response.headers["Service-Worker-Allowed"] = "/"
    return public(response)


@cache
def _script(is_on: bool) -> str:
    name = "sw.js" if is_on else "sw-off.js"
    return Path(settings.BASE_DIR / "static/reader" / name).read_text(encoding="utf-8")


def _require_offline() -> None:
    if not settings.OFFLINE:
        raise Http404(_("This paper cannot be read offline."))


def _icon(size: str, purpose: str) -> dict[str, str]:
    name = f"maskable-{size}" if purpose == "maskable" else f"icon-{size}"
    return {
        "src": static(f"reader/{name}.png"),
        "sizes": f"{size}x{size}",
        "type": "image/png",
        "purpose": purpose,
    }


def _json(data: Mapping[str, object], kind: str = "application/json") -> HttpResponse:
    options = {"ensure_ascii": False}
    return public(JsonResponse(data, json_dumps_params=options, content_type=kind))
