"""What the article screen shows, and the pages around it that say no."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.admin import site
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from js_asset import Media

from bylines.services import display_name
from paper.admin_base import DeskRequest
from textkit import html

from . import forms, noted, photo_forms
from .comparing import has_changed_since
from .content import content_of
from .errors import Hidden, Refusal
from .models import Article, ArticlePhoto, LogEntry
from .moves import buttons
from .progress import progress_of
from .recovery import window_context
from .services import rules
from .states import READING_NAMES, READINGS, State
from .workflow import Role, Scope, actor_of


def find(request: DeskRequest, pk: int, at: dt.datetime) -> Article:
    """Return the article if the person may see it. Raises Http404."""
    rows = Article.objects.visible_to(actor_of(request.user), at)
    return get_object_or_404(
        rows.select_related("story", "section", "taken_by", "created_by"), pk=pk
    )


def refuse(request: DeskRequest, refusal: Refusal, *, is_saved: bool = False) -> HttpResponse:
    """Return the page that says why something was not done, with its status."""
    if isinstance(refusal, Hidden):
        raise Http404(str(refusal))
    context = {
        **site.each_context(request),
        "title": _("Not done"),
        "refusal": refusal,
        "is_saved": is_saved,
    }
    return render(request, "articles/refused.html", context, status=refusal.status)


def render_article(
    request: DeskRequest,
    article: Article | None,
    form: forms.ArticleForm | None,
    photos: Any,
    *,
    status: int = 200,
) -> HttpResponse:
    """Return the article screen: with a form to write, without one to read."""
    at = timezone.now()
    if article is not None:
        article = find(request, article.pk, at)
    context = {
        **site.each_context(request),
        "title": article.title if article else _("New article"),
        "article": article,
        "form": form,
        "photos": photos,
        "at": at,
    }
    context |= window_context(request, article, form)
    if form is not None:
        context |= writing_context(request, form, photos)
        context["editor_media"] = Media.from_media(form.media, nonce=str(request.csp_nonce))
    if article is not None:
        context |= _record(request, article, at)
    return render(request, "articles/article.html", context, status=status)


def writing_context(request: DeskRequest, form: forms.ArticleForm, photos: Any) -> dict[str, Any]:
    """Return what the form shows beside its fields: its problems, and whose form it is."""
    is_plain = actor_of(request.user).roles <= {Role.CORRESPONDENT}
    if is_plain:
        photos.offer_credit(display_name(request.user))
    return {
        "is_plain": is_plain,
        "today": timezone.localtime().date(),
        "problems": [*forms.problems(form), *photo_forms.problems(photos)],
    }


def _record(request: DeskRequest, article: Article, at: dt.datetime) -> dict[str, Any]:
    """Return state, moves and, for who may see it, the record of an article."""
    found: dict[str, Any] = {
        "state": article.status(at),
        "buttons": buttons(article, request.user, at),
        "bylines": article.bylines.select_related("contributor"),
        "article_photos": _on_top(article),
        "paragraph_count": len(html.to_paragraphs(article.body)),
        "placement": article.placements.select_related("page__issue").last(),
        "holder": article.held_by(at),
        "is_held": rules.is_held_by_other(article, request.user, at),
    }
    if rules.scope_of(article, actor_of(request.user)) is Scope.OWN:
        found["progress"] = progress_of([article], at)[0]
    if rules.may(article, "history", request.user, at):
        log = list(article.log.select_related("by", "revision").defer("revision__content"))
        found["log"] = [(entry, rules.move_label(entry.move)) for entry in log]
        found["revisions"] = list(article.revisions.select_related("saved_by").defer("content"))
        found["sheet"] = sign_off_sheet(article)
        found["passed_before"] = has_changed_since(article, request.user, found["revisions"])
        found["returned"] = last_return(article, log)
        found["findings"] = rules.findings_of(content_of(article))
    found |= noted.context(article, request.user, at, found.get("findings", []))
    return found


def _on_top(article: Article) -> list[ArticlePhoto]:
    """Return the photos that stand above the text: those that are not placed in it."""
    rows = article.article_photos.select_related("photo").prefetch_related(
        "photo__credits__contributor"
    )
    placed = set(html.photos_in(html.sanitise(article.body)))
    return [row for row in rows if row.photo_id not in placed]


def sign_off_sheet(article: Article) -> list[dict[str, Any]]:
    """Return the readings of the article's current round in order, signed or still to come."""
    signed = {
        reading.reading: reading
        for reading in article.readings.filter(round=article.round).select_related(
            "reader", "revision"
        )
    }
    plan = [s for s in READINGS if s in rules.plan_for(article) or s.value in signed]
    return [
        {
            "label": READING_NAMES[state],
            "reading": signed.get(state.value),
            "is_now": state == article.state,
        }
        for state in plan
    ]


def last_return(article: Article, log: list[LogEntry]) -> LogEntry | None:
    """Return the log entry of the return that made this a draft again, if one did."""
    moves = [entry for entry in log if entry.move != "import"]
    if article.state != State.DRAFT or not moves or moves[-1].move not in {"return", "restore"}:
        return None
    return moves[-1]
