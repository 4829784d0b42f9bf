"""The desk's pages for what is not there, not allowed, sent too late, and for our own faults."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import site
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from articles.desk_autosave import keep_for_owner
from articles.limits import too_large


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, with a way on."""
    return _page(
        request,
        404,
        _("There is no such page"),
        _("The address may be mistyped, or it is not there for you (any more)."),
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: a form that is too large (413 to a script of ours), or broken on the way."""
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        return _answer(exception)
    return _page(
        request,
        400,
        _("The server could not read what was sent"),
        _(
            "A form takes 8 MB of text, photos not counted. Go back: what you typed is still "
            "there. Take out pictures that were pasted into the text, and send it again."
        ),
    )


def _answer(exception: Exception) -> HttpResponse:
    """What the page's script shows beside "your text is still here"."""
    if isinstance(exception, RequestDataTooBig):
        return JsonResponse({"message": too_large()}, status=413)
    return JsonResponse({"message": _("The server could not read what was sent.")}, status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: it is there, and the person's role does not open it."""
    return _page(
        request,
        403,
        _("Your role does not open this page"),
        _("Ask your administrator if you need it for your work."),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose token is of another login: what was typed is a step back.

    A form of an article says for whom it was opened: its text is kept for him and shown again.
    """
    if keep_for_owner(request):
        return redirect(request.path)
    return _page(
        request,
        403,
        _("Not saved: the page was open for too long, or you logged in anew meanwhile"),
        _("Go back: what you typed is still there. Copy it, reload the page, and send it again."),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """500, without a query: the database may be what failed."""
    context = {"css": staticfiles_storage.url("desk/desk.css")}
    return HttpResponse(render_to_string("desk/500.html", context), status=500)


def _page(request: HttpRequest, status: int, title: str, words: str) -> HttpResponse:
    context: dict[str, Any] = {**site.each_context(request), "title": title, "words": words}
    return render(request, "desk/error.html", context, status=status)
