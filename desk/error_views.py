"""Error views of the desk: not found, bad request, forbidden, CSRF failure, server errors."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import site
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware import csrf
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from articles.text_limits import too_large
from articles.views.autosave import store_for_owner

#: Beginnings of Django's reasons for a wrong or missing Origin or Referer header.
_OTHER_ADDRESS = tuple(
    text.partition("%s")[0]
    for text in (
        csrf.REASON_BAD_ORIGIN,
        csrf.REASON_BAD_REFERER,
        csrf.REASON_INSECURE_REFERER,
        csrf.REASON_MALFORMED_REFERER,
        csrf.REASON_NO_REFERER,
    )
)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return 404 in the layout of the desk."""
    return _page(
        request,
        404,
        _("Page not found"),
        _(
            "The address may be mistyped, the page may no longer exist, or you may not have "
            "access to it."
        ),
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return 400 for a malformed request; a script gets JSON, and 413 if it is too large."""
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        return _answer(exception)
    return _page(
        request,
        400,
        _("The server could not read the request"),
        _(
            "A form can contain 8 MB of text, photos not included. Go back: your text is "
            "still there. Remove pictures that were pasted into the text, then send it again."
        ),
    )


def _answer(exception: Exception) -> HttpResponse:
    """Return JSON with the message that the form's script shows above the unsaved text."""
    if isinstance(exception, RequestDataTooBig):
        return JsonResponse({"message": too_large()}, status=413)
    return JsonResponse({"message": _("The server could not read the request.")}, status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return 403 for an object that the user's role may not open."""
    return _page(
        request,
        403,
        _("Your role cannot open this page"),
        _("Ask your administrator if you need it for your work."),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Return 403 for a form with the CSRF token of another login; Back restores the input.

    A form of an article names the user who opened it: its text is stored for them and shown again.
    Nothing is stored of a request from another address, which none of our forms has sent.
    """
    if reason.startswith(_OTHER_ADDRESS):
        return _other_address(request)
    if store_for_owner(request):
        return redirect(request.path)
    message = _("Go back: your text is still there. Copy it, reload the page, then send it again.")
    if reason == csrf.REASON_NO_CSRF_COOKIE:
        server = f"{request.scheme}://{request.get_host()}"
        message += " " + _(
            "If this happens each time, the browser sends no cookie: allow cookies for this site, "
            "and open the desk at %(server)s, as the server knows it."
        ) % {"server": server}
    return _page(
        request,
        403,
        _("Not saved: the page was open for too long, or you have logged in again since"),
        message,
    )


def _other_address(request: HttpRequest) -> HttpResponse:
    """Return 403 if the browser uses another address (port, https) than the proxy passes on."""
    server = f"{request.scheme}://{request.get_host()}"
    browser = request.headers.get("Origin") or request.headers.get("Referer") or ""
    if browser in {"", "null"}:
        return _no_address(request)
    message = _(
        "The browser sent this from %(browser)s, but the server received %(server)s. If your "
        "browser shows the correct address of the desk, the proxy drops the port or https: "
        "ask the operator to set “proxy_set_header Host $http_host” and X-Forwarded-Proto in "
        "nginx, or NEWSROOM_DESK_ADDRESS to the address that your browser shows. Go back: your "
        "text is still there."
    )
    return _page(
        request,
        403,
        _("Not accepted: the server knows the desk under another address"),
        message % {"browser": browser[:200], "server": server},
    )


def _no_address(request: HttpRequest) -> HttpResponse:
    """Return 403 if the browser hides the page that a form was sent from."""
    return _page(
        request,
        403,
        _("Not accepted: the browser does not say which page this was sent from"),
        _(
            "A privacy extension, or the browser inside another app, hides it. Open the desk in "
            "an ordinary browser, or switch the extension off for this site. Go back: your text "
            "is still there."
        ),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """Return 500 without a query, because the database may have failed."""
    return HttpResponse(_bare_page("desk/500.html", {}), status=500)


def outage(
    request: HttpRequest, *, title: str, reason: str, fields: list[tuple[str, str]]
) -> HttpResponse:
    """Return 503 without a query; the response contains `fields` for sending the form again."""
    context = {
        "title": title,
        "reason": reason,
        "fields": fields,
        "target": request.get_full_path(),
        "has_files": bool(fields) and bool(request.FILES),
    }
    return HttpResponse(_bare_page("desk/503.html", context), status=503)


def _bare_page(template: str, context: dict[str, Any]) -> str:
    """Render a template without the desk's layout, whose context needs queries."""
    css = staticfiles_storage.url("desk/desk.css")
    return render_to_string(template, {"css": css, "lang": get_language(), **context})


def _page(request: HttpRequest, status: int, title: str, message: str) -> HttpResponse:
    context: dict[str, Any] = {**site.each_context(request), "title": title, "words": message}
    return render(request, "desk/error.html", context, status=status)
