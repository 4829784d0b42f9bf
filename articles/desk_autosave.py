"""What a window of the article screen asks in the background; every answer is JSON."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.admin import site
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from bylines.services import display_name
from notices.services import mark_seen
from paper.admin_base import DeskRequest

from . import desk_merge, services
from .errors import Conflict, Hidden, Invalid, Refusal, StaleSave
from .models import Article, Revision
from .screen import find, refuse
from .services import parking, presence
from .typed import Typed, read
from .window import Window, number, window_of

View = Callable[..., HttpResponse]
#: What a form carries for itself, not for the article.
_OWN_FIELDS = frozenset({"csrfmiddlewaretoken", "owner", "then", "password"})


def answering(view: View) -> View:
    """Wrap a view that a window asks in the background.

    Without a session it answers 401 instead of sending a login page, and 409 to a form that was
    opened for another login.
    """
    inner = site.admin_view(view)

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not site.has_permission(request):
            return JsonResponse({"message": _("You are logged out.")}, status=401)
        if _is_anothers(request):
            return JsonResponse({"message": _other_words(request), "other": True}, status=409)
        try:
            return inner(request, *args, **kwargs)
        except (Http404, Hidden):
            message = _("The article is not there any more, or no longer yours to see.")
            return JsonResponse({"message": message}, status=404)

    return wrapper


def keeping(view: View) -> View:
    """Wrap a screen with a form: what is sent after the session has ended is kept for its writer.

    He finds it in the form after the login; who logs in instead of him sees nothing of it.
    """

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and not site.has_permission(request):
            keep_for_owner(request)
        elif request.method == "POST" and _is_anothers(request):
            keep_for_owner(request)
            return refuse(request, Conflict(_other_words(request)))  # type: ignore[arg-type]
        return view(request, *args, **kwargs)

    return wrapper


def keep_for_owner(request: HttpRequest) -> bool:
    """Park the text fields of a form that came without its writer's session; tell whether."""
    owner = parking.owner_of(request.POST.get("owner", ""))
    if owner is None:
        return False
    pairs = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in _OWN_FIELDS
        for value in values
        if isinstance(value, str)
    ]
    tab = window_of(request.POST).tab
    return parking.park(owner, tab=tab, path=request.path, fields=pairs, at=timezone.now())


def _is_anothers(request: HttpRequest) -> bool:
    owner = parking.owner_of(request.POST.get("owner", ""))
    return owner is not None and owner != request.user.pk


def _other_words(request: HttpRequest) -> str:
    return _(
        "This page was opened with another login. Now %(name)s is logged in here. "
        "Nothing was saved; the text is kept for its writer."
    ) % {"name": display_name(request.user)}  # type: ignore[arg-type]


@require_safe
def session(request: DeskRequest) -> HttpResponse:
    """Tell who is logged in, with a token for the forms of pages that were opened before."""
    return JsonResponse({"user": request.user.pk, "token": get_token(request)})


@require_GET
def sent(request: DeskRequest) -> HttpResponse:
    """Tell how far the sends of a window have arrived, and what article it made."""
    window = window_of(request.GET)
    rows = Revision.objects.filter(saved_by=request.user, tab=window.tab).exclude(tab="")
    last = rows.order_by("-turn").values_list("turn", flat=True).first()
    made = services.made_by_form(window.tab, request.user)
    return JsonResponse(
        {"turn": last, "article": made.pk if made else None, "url": _url(made) if made else ""}
    )


def _url(article: Article) -> str:
    return reverse("admin:articles_article_change", args=[article.pk])


@require_POST
def autosave(request: DeskRequest, pk: int | None = None) -> HttpResponse:
    """Save what is being typed: the article's text, a new article, or a text to keep aside."""
    at = timezone.now()
    window = window_of(request.POST)
    if pk is None:
        article = services.made_by_form(window.tab, request.user)
    else:
        article = find(request, pk, at)
    try:
        typed = read(request.POST, article, by_hand="by-hand" in request.POST)
        if isinstance(typed, list):
            raise Invalid(typed)
        if article is None and typed.is_blank:
            return JsonResponse({"blank": True})
        saved, revision, version = _store(request, article, typed, window, at)
    except Refusal as refusal:
        return _refused(refusal, article or services.made_by_form(window.tab, request.user))
    parking.clear(request.user, tab=window.tab)
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
    request: DeskRequest, article: Article | None, typed: Typed, window: Window, at: dt.datetime
) -> tuple[Article, Revision, int]:
    """Write through the services; return article, revision and the version that the window has."""
    user, auto = request.user, "by-hand" not in request.POST
    base = number(request.POST.get("version", ""))
    if article is None:
        article = services.create_article(
            typed.content, user=user, at=at, form_key=window.tab, auto=auto, turn=window.turn
        )
        revision = article.revisions.latest("number")
    elif "aside" in request.POST:
        revision = services.keep_aside(
            article, typed.content, user=user, at=at, base_version=base, tab=window.tab
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
            tab=window.tab,
            turn=window.turn,
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
    """Note that a window has the article open, or was closed; answer with who else has it open."""
    at = timezone.now()
    article = find(request, pk, at)
    tab = window_of(request.POST).tab
    if "leaving" in request.POST:
        presence.leave(article, user=request.user, tab=tab)
        return JsonResponse({"people": []})
    opened = request.POST.get("opened", "")
    if opened:
        # What the bell says of it is seen.
        mark_seen(request.user, reverse("admin:articles_article_change", args=[pk]), at=at)
    people = presence.beat(
        article,
        user=request.user,
        at=at,
        tab=tab,
        is_editing="editing" in request.POST,
        opened_at_version=number(opened) if opened else None,
    )
    rows = [{"name": p.name, "editing": p.is_editing, "me": p.is_me} for p in people]
    return JsonResponse({"people": rows})


def urls() -> list[URLPattern]:
    """Return the addresses of this module, under that of the articles."""
    return [
        path("session/", answering(session), name="articles_session"),
        path("sent/", answering(sent), name="articles_sent"),
        path("autosave/", answering(autosave), name="articles_autosave"),
        path("<int:pk>/autosave/", answering(autosave), name="articles_autosave"),
        path("<int:pk>/presence/", answering(beat), name="articles_presence"),
        path(
            "<int:pk>/merge/<int:number>/",
            site.admin_view(desk_merge.merge),
            name="articles_article_merge",
        ),
    ]
