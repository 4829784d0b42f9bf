"""What the article screen shows, and the pages around it that say no."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.admin import site
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from js_asset import Media

from paper.admin_base import DeskRequest
from paper.models import Paper
from textkit import html

from . import forms, noted, photo_forms
from .comparing import has_changed_since, newest_of
from .content import content_of
from .errors import Hidden, Refusal
from .models import Article, ArticlePhoto, LogEntry, Reading
from .moves import buttons, caution
from .parts import bylines_of, photos_of
from .progress import progress_in_record
from .recovery import window_context
from .services import comments, head_revision, rules
from .states import READING_NAMES, READINGS, State
from .workflow import Role, Scope, actor_of


def find(request: DeskRequest, pk: int, at: dt.datetime) -> Article:
    """Return the article if the person may see it. Raises Http404."""
    rows = Article.objects.visible_to(actor_of(request.user), at)
    return get_object_or_404(
        rows.select_related("story", "section", "taken_by", "created_by"), pk=pk
    )


def find_whole(request: DeskRequest, pk: int, at: dt.datetime) -> Article:
    """Return the article with all that its screen shows, if the person may see it.

    Raises Http404.
    """
    rows = Article.objects.visible_to(actor_of(request.user), at)
    return get_object_or_404(rows.whole(), pk=pk)


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
    """Return the screen of an article (of `find_whole`): with a form to write, else to read."""
    at = timezone.now()
    context = {
        **site.each_context(request),
        "title": article.title if article else _("New article"),
        "article": article,
        "form": form,
        "photos": photos,
        "at": at,
    }
    if article is not None:
        context |= _record(request, article, at, context["paper"])
    context |= window_context(request, article, form, context.get("revisions"))
    if form is not None:
        context |= writing_context(request, form, photos)
        context["editor_media"] = Media.from_media(form.media, nonce=str(request.csp_nonce))
    return render(request, "articles/article.html", context, status=status)


def writing_context(request: DeskRequest, form: forms.ArticleForm, photos: Any) -> dict[str, Any]:
    """Return what the form shows beside its fields: its problems, and whose form it is."""
    is_plain = actor_of(request.user).roles <= {Role.CORRESPONDENT}
    if is_plain:
        photos.offer_credit(photo_forms.offered_credit(request.user))
    return {
        "is_plain": is_plain,
        "today": timezone.localtime().date(),
        "problems": forms.problems(form) + ([] if form.missing else photo_forms.problems(photos)),
    }


def _record(
    request: DeskRequest, article: Article, at: dt.datetime, paper: Paper
) -> dict[str, Any]:
    """Return state, moves and, for who may see it, the record of an article."""
    found: dict[str, Any] = {
        "state": article.status(at),
        "bylines": bylines_of(article),
        "tags": [tag.name for tag in article.tags.all()],
        "article_photos": _on_top(article),
        "paragraph_count": len(html.to_paragraphs(article.body)),
        "placement": article.placements.select_related("page__issue").last(),
        "holder": article.held_by(at),
        "is_held": rules.is_held_by_other(article, request.user, at),
    }
    readings: list[Reading] = []
    if rules.may(article, "history", request.user, at):
        log = _log_of(article)
        readings = _readings_of(article, log)
        found |= _history(request, article, log, readings)
        if rules.scope_of(article, actor_of(request.user)) is Scope.OWN:
            found["progress"] = progress_in_record(
                article, at, paper, log=log, readings=readings, place=found["placement"]
            )
    found |= _moves(request, article, at, _has_signed(request, article, readings, paper))
    if comments.may_comment(article, request.user, at):
        newest = newest_of(found.get("revisions")) or head_revision(article)
        found |= noted.context(article, found.get("findings", []), newest)
    return found


def _has_signed(
    request: DeskRequest, article: Article, readings: Iterable[Reading], paper: Paper
) -> bool:
    """Return what `rules.has_signed_other` does, from the rows that the screen has anyway."""
    readers = {row.reader_id for row in readings if row.round == article.round}
    return request.user.pk in readers and not paper.allow_same_reader


def _moves(
    request: DeskRequest, article: Article, at: dt.datetime, has_signed: bool
) -> dict[str, Any]:
    return {
        "buttons": buttons(article, request.user, at, has_signed=has_signed),
        "caution": caution(article, request.user, at, has_signed=has_signed),
    }


def _log_of(article: Article) -> list[LogEntry]:
    return list(article.log.select_related("by", "revision").defer("revision__content"))


def _readings_of(article: Article, log: Iterable[LogEntry]) -> list[Reading]:
    if not any(entry.move == "pass" for entry in log):
        return []
    rows = article.readings.select_related("reader", "revision")
    return list(rows.defer("revision__content"))


def _history(
    request: DeskRequest, article: Article, log: list[LogEntry], readings: list[Reading]
) -> dict[str, Any]:
    """Return the record of an article: moves, revisions, signatures, proofing findings."""
    revisions = list(article.revisions.select_related("saved_by").defer("content"))
    return {
        "log": [(entry, rules.move_label(entry.move)) for entry in log],
        "revisions": revisions,
        "sheet": sign_off_sheet(article, readings),
        "passed_before": has_changed_since(request.user, readings, revisions),
        "returned": last_return(article, log),
        "findings": rules.findings_of(content_of(article)),
    }


def _on_top(article: Article) -> list[ArticlePhoto]:
    """Return the photos that stand above the text: those that are not placed in it."""
    placed = set(html.photos_in(html.sanitise(article.body)))
    return [row for row in photos_of(article) if row.photo_id not in placed]


def sign_off_sheet(article: Article, readings: Sequence[Reading]) -> list[dict[str, Any]]:
    """Return the readings of the article's current round in order, signed or still to come."""
    signed = {row.reading: row for row in readings if row.round == article.round}
    planned = rules.plan_for(article)
    plan = [s for s in READINGS if s in planned or s.value in signed]
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
