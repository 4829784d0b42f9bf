"""JSON views that a window of the article screen requests in the background."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.admin import site
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from bylines.services import display_name
from notifications.services import mark_seen
from paper.base_admin import DeskRequest
from textkit.numbers import parse_number

from .. import services
from ..exceptions import Conflict, Hidden, Invalid, Refusal, StaleSave
from ..forms.autosave import AutosavedForm, read_autosave
from ..forms.client_window import Window, window_of
from ..models import Article, Revision
from ..services import presence, unsaved_forms
from .rendering import get_visible_article, refuse

View = Callable[..., HttpResponse]
#: Form fields that are not part of the article.
_OWN_FIELDS = frozenset({"csrfmiddlewaretoken", "owner", "then", "password"})


def background_view(view: View) -> View:
    """Wrap a view that a window requests in the background.

    Without a session it answers 401 instead of redirecting to the login page, and 409 to a form
    that belongs to another login.
    """
    inner = site.admin_view(view)

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not site.has_permission(request):
            return JsonResponse({"message": _("You are logged out.")}, status=401)
        if _belongs_to_other_login(request):
            return JsonResponse(
                {"message": _other_login_message(request), "other": True}, status=409
            )
        try:
            return inner(request, *args, **kwargs)
        except (Http404, Hidden):
            message = _("The article no longer exists, or you can no longer see it.")
            return JsonResponse({"message": message}, status=404)

    return wrapper


def store_unsaved(view: View) -> View:
    """Wrap a view with a form: data sent after the session has expired is stored for its writer.

    The form shows it to the writer after the next login, and never to another user.
    """

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and not site.has_permission(request):
            store_for_owner(request)
        elif request.method == "POST" and _belongs_to_other_login(request):
            store_for_owner(request)
            return refuse(request, Conflict(_other_login_message(request)))  # type: ignore[arg-type]
        return view(request, *args, **kwargs)

    return wrapper


def store_for_owner(request: HttpRequest) -> bool:
    """Store the text fields of a form sent without its writer's session; return whether it did."""
    owner = unsaved_forms.owner_of(request.POST.get("owner", ""))
    if owner is None:
        return False
    pairs = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in _OWN_FIELDS
        for value in values
        if isinstance(value, str)
    ]
    window_id = window_of(request.POST).window_id
    return unsaved_forms.store_unsaved_form(
        owner, window_id=window_id, path=request.path, fields=pairs, at=timezone.now()
    )


def _belongs_to_other_login(request: HttpRequest) -> bool:
    owner = unsaved_forms.owner_of(request.POST.get("owner", ""))
    return owner is not None and owner != request.user.pk


def _other_login_message(request: HttpRequest) -> str:
    return _(
        "This page was opened with another login, and %(name)s is logged in now. Nothing was "
        "saved; the text is stored for its writer."
    ) % {"name": display_name(request.user)}  # type: ignore[arg-type]


@require_safe
def session(request: DeskRequest) -> HttpResponse:
    """Return the current user, with a token for forms of pages that were opened before."""
    return JsonResponse({"user": request.user.pk, "token": get_token(request)})


@require_GET
def sent(request: DeskRequest) -> HttpResponse:
    """Return the last sequence number received from a window, and the article that it created."""
    window = window_of(request.GET)
    rows = Revision.objects.filter(saved_by=request.user, window_id=window.window_id).exclude(
        window_id=""
    )
    last = rows.order_by("-sequence").values_list("sequence", flat=True).first()
    made = services.article_of_form(window.window_id, request.user)
    return JsonResponse(
        {"sequence": last, "article": made.pk if made else None, "url": _url(made) if made else ""}
    )


def _url(article: Article) -> str:
    return reverse("admin:articles_article_change", args=[article.pk])


@require_POST
def autosave(request: DeskRequest, pk: int | None = None) -> HttpResponse:
    """Autosave the form: an article's text, a new article, or a conflict copy."""
    at = timezone.now()
    window = window_of(request.POST)
    if pk is None:
        article = services.article_of_form(window.window_id, request.user)
    else:
        article = get_visible_article(request, pk, at)
    try:
        typed = read_autosave(
            request.POST, article, user=request.user, by_hand="by-hand" in request.POST
        )
        if isinstance(typed, list):
            raise Invalid(typed)
        if article is None and typed.is_blank:
            return JsonResponse({"blank": True})
        saved, revision, version = _store(request, article, typed, window, at)
    except Refusal as refusal:
        return _refused(
            refusal, article or services.article_of_form(window.window_id, request.user)
        )
    unsaved_forms.clear_unsaved_forms(request.user, window_id=window.window_id)
    return JsonResponse(
        {
            **_place(saved),
            "version": version,
            "number": revision.number,
            "time": timezone.localtime(at).strftime("%H:%M"),
            "waiting": typed.waiting,
        }
    )


def _place(article: Article) -> dict[str, Any]:
    return {
        "article": article.pk,
        "url": _url(article),
        "autosave": reverse("admin:articles_autosave", args=[article.pk]),
        "presence": reverse("admin:articles_presence", args=[article.pk]),
    }


def _store(
    request: DeskRequest,
    article: Article | None,
    typed: AutosavedForm,
    window: Window,
    at: dt.datetime,
) -> tuple[Article, Revision, int]:
    """Save through the services; return article, revision and the version that the window has."""
    user, auto = request.user, "by-hand" not in request.POST
    base = parse_number(request.POST.get("version", ""), 0)
    if article is None:
        article = services.create_article(
            typed.content,
            user=user,
            at=at,
            form_key=window.window_id,
            auto=auto,
            sequence=window.sequence,
            has_code=typed.has_code,
        )
        revision = article.revisions.latest("number")
    elif "aside" in request.POST:
        revision = services.store_conflict_copy(
            article, typed.content, user=user, at=at, base_version=base, window_id=window.window_id
        )
        return article, revision, base
    else:
        revision = services.save_article(
            article,
            typed.content,
            user=user,
            at=at,
            base_version=base,
            auto=auto,
            window_id=window.window_id,
            sequence=window.sequence,
            has_code=typed.has_code,
        )
    return article, revision, max(revision.base_version, base)


def _refused(refusal: Refusal, article: Article | None) -> JsonResponse:
    answer: dict[str, Any] = {"message": str(refusal)}
    if isinstance(refusal, Invalid):
        answer["problems"] = refusal.problems
    if isinstance(refusal, StaleSave) and article is not None:
        answer["number"] = refusal.number
        answer["merge"] = reverse("admin:articles_article_merge", args=[article.pk, refusal.number])
    return JsonResponse(answer, status=refusal.status)


@require_POST
def beat(request: DeskRequest, pk: int) -> HttpResponse:
    """Record that a window has the article open or was closed; return the other users."""
    at = timezone.now()
    article = get_visible_article(request, pk, at)
    window_id = window_of(request.POST).window_id
    if "leaving" in request.POST:
        presence.leave(article, user=request.user, window_id=window_id)
        return JsonResponse({"people": []})
    opened = request.POST.get("opened", "")
    if opened:
        # Mark notifications about the article as read.
        mark_seen(request.user, reverse("admin:articles_article_change", args=[pk]), at=at)
    people = presence.beat(
        article,
        user=request.user,
        at=at,
        window_id=window_id,
        is_editing="editing" in request.POST,
        opened_at_version=parse_number(opened, 0) if opened else None,
    )
    rows = [{"name": p.name, "editing": p.is_editing, "me": p.is_me} for p in people]
    return JsonResponse({"people": rows})
