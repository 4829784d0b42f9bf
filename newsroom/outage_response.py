"""Response to an outage of the database or the disk: 503 with a message, without a query.

Every error handler calls `outage_response` first, so one function serves views and middleware, the
desk and the public site, HTML and JSON, on both databases.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import translation
from django.utils.translation import gettext as _

from paper.outages import Outage, outage_of

from .middleware.language import language_of
from .request_state import has_read_form

#: Paths of forms whose fields are not written into the response: passwords and codes.
_SECRET = ("/desk/login/", "/desk/account/", "/desk/password_change/", "/desk/auth/")
_LOGIN = "/desk/login/"


def outage_response(
    request: HttpRequest, error: BaseException | None, surface: Any
) -> HttpResponse | None:
    """Return a 503 response if `error` reports an outage, else None.

    `surface` is the module with the error views that `request` belongs to.
    """
    outage = outage_of(error)
    if outage is None:
        return None
    code = language_of(request)
    with translation.override(code):
        if _wants_json(request):
            values = {"title": _title(request, outage), "reason": outage.message}
            message = _("%(title)s. %(reason)s") % values
            response: HttpResponse = JsonResponse({"message": message}, status=503)
        else:
            response = surface.outage(
                request,
                title=_title(request, outage),
                reason=outage.message,
                fields=_fields(request),
            )
    response.headers["Retry-After"] = str(outage.retry_after)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Language"] = code
    return response


def _wants_json(request: HttpRequest) -> bool:
    preferred = request.get_preferred_type(["text/html", "application/json"])
    return preferred == "application/json"


def _title(request: HttpRequest, outage: Outage) -> str:
    """Return what happened to the request; a save may have succeeded if its connection broke."""
    if request.path.startswith(_LOGIN):
        return _("Nobody can log in right now; your password is not the problem")
    if request.method in {"GET", "HEAD"}:
        return _("The system is not available right now")
    if outage in {Outage.DOWN, Outage.STOPPED}:
        return _("Not saved, or not confirmed as saved")
    return _("Not saved")


def _fields(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the submitted form fields, to be sent again; none of a secret form."""
    # Do not parse a form that was not parsed yet: parsing may be what failed.
    if request.method != "POST" or not has_read_form(request):
        return []
    if request.path.startswith(_SECRET) or any("password" in name for name in request.POST):
        return []
    return [(name, str(value)) for name, values in request.POST.lists() for value in values]
