"""The paper on a device: how it is installed, and what it keeps for when there is no network."""

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

from ..offline import files, kept_issue
from ..shell import public, render_page, surroundings

#: The red and the white of the paper, as in reader.css.
RED, PAPER = "#a6192e", "#fffefb"
ICONS = (("192", "any"), ("512", "any"), ("512", "maskable"))
#: The longest name under an icon that a phone shows whole.
SHORT = 12


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """The paper as an app: its name, colours and icons."""
    _must_be_on()
    paper: Paper = surroundings(request)["paper"]
    told = {
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
    return _json(told, "application/manifest+json")


@require_safe
def offline_list(request: HttpRequest) -> HttpResponse:
    """What a device keeps; with another `version` it asks for all of it again."""
    _must_be_on()
    kept = kept_issue(surroundings(request)["edition"])
    return _json(
        {
            "issue": kept.edition.get_absolute_url() if kept.edition else "",
            "version": kept.version,
            "pages": kept.addresses,
            "files": files(),
        }
    )


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """The page that a device shows for what it has not kept: a list of what it has."""
    _must_be_on()
    kept = kept_issue(surroundings(request)["edition"])
    return render_page(request, "reader/offline.html", {"pages": kept.pages})


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker; where nothing is to be kept, one that takes the earlier one away."""
    response = HttpResponse(_script(settings.OFFLINE), content_type="text/javascript")
    response.headers["Service-Worker-Allowed"] = "/"
    return public(response)


@cache
def _script(is_on: bool) -> str:
    name = "sw.js" if is_on else "sw-off.js"
    return Path(settings.BASE_DIR / "static/reader" / name).read_text(encoding="utf-8")


def _must_be_on() -> None:
    if not settings.OFFLINE:
        raise Http404(_("This paper is not kept on devices."))


def _icon(size: str, purpose: str) -> dict[str, str]:
    name = f"maskable-{size}" if purpose == "maskable" else f"icon-{size}"
    return {
        "src": static(f"reader/{name}.png"),
        "sizes": f"{size}x{size}",
        "type": "image/png",
        "purpose": purpose,
    }


def _json(told: Mapping[str, object], kind: str = "application/json") -> HttpResponse:
    options = {"ensure_ascii": False}
    return public(JsonResponse(told, json_dumps_params=options, content_type=kind))
