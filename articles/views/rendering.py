"""Rendering of the article screen and of its error responses."""

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

from paper.base_admin import DeskRequest
from paper.models import Paper
from paper.permissions import Capability, may
from paper.reviews import REVIEW_NAMES

from ..content import content_of
from ..exceptions import Hidden, Refusal
from ..forms import article_form, photo_rows
from ..issue_plan import issue_plan
from ..models import Article, ArticlePhoto, LogEntry, Review
from ..selectors import annotated_text
from ..selectors.progress import progress_in_record
from ..selectors.recent_changes import transition_label
from ..selectors.review_rounds import archive_entry, reviews_of, rounds_of
from ..selectors.revision_diff import has_changed_since, newest_of
from ..services import comments, head_revision, permissions, validation
from ..workflow.states import State
from ..workflow.transitions import TRANSITIONS, Scope, actor_of
from .form_recovery import window_context
from .transition_buttons import buttons, warning

#: URL name of the screen of an article.
ARTICLE_SCREEN = "admin:articles_article_change"


def get_visible_article(request: DeskRequest, pk: int, at: dt.datetime) -> Article:
    """Return the article if the user may see it. Raises Http404."""
    rows = Article.objects.visible_to(actor_of(request.user), at)
    return get_object_or_404(
        rows.select_related("story", "section", "genre", "taken_by", "created_by"), pk=pk
    )


def get_whole_article(request: DeskRequest, pk: int, at: dt.datetime) -> Article:
    """Return the article with all related rows of its screen, if the user may see it.

    Raises Http404.
    """
    rows = Article.objects.visible_to(actor_of(request.user), at)
    article = get_object_or_404(rows.whole(), pk=pk)
    if article.section is not None:
        request.paper = article.section.paper
    return article


def refuse(request: DeskRequest, refusal: Refusal, *, is_saved: bool = False) -> HttpResponse:
    """Return the error response that explains a refusal, with its status."""
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
    form: article_form.ArticleForm | None,
    photos: Any,
    *,
    status: int = 200,
) -> HttpResponse:
    """Return the article screen (see `get_whole_article`): with a form if given, else read-only."""
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


def writing_context(
    request: DeskRequest, form: article_form.ArticleForm, photos: Any
) -> dict[str, Any]:
    """Return the context of the form: its problems, its window and its owner."""
    is_plain = not may(request.user, Capability.USE_FULL_FORM)
    if is_plain:
        photos.offer_credit(photo_rows.offered_credit(request.user))
    return {
        "is_plain": is_plain,
        "today": timezone.localtime().date(),
        "problems": article_form.problems(form)
        + ([] if form.missing else photo_rows.problems(photos)),
    }


def _record(
    request: DeskRequest, article: Article, at: dt.datetime, paper: Paper
) -> dict[str, Any]:
    """Return state, transitions and, if the user may see it, the record of an article."""
    found: dict[str, Any] = {
        "state": article.status(at),
        "shown": article.shown(at),
        "bylines": article.ordered_bylines(),
        "tags": [tag.name for tag in article.tags.all()],
        "article_photos": _banner(article),
        "paragraph_count": len(article.body.paragraphs),
        "placement": issue_plan().places_of([article.pk]).get(article.pk),
        "holder": article.held_by(at),
        "is_held": permissions.is_held_by_other(article, request.user, at),
    }
    reviews: list[Review] = []
    if permissions.may(article, "history", request.user, at):
        log = _log_of(article)
        reviews = _reviews_of(article, log)
        found |= _history(request, article, log, reviews)
        if permissions.scope_of(article, actor_of(request.user)) is Scope.OWN:
            found["progress"] = progress_in_record(
                article, at, paper, log=log, reviews=reviews, place=found["placement"]
            )
    found |= _transition_buttons(
        request, article, at, _has_signed(request, article, reviews, paper)
    )
    if comments.may_comment(article, request.user, at):
        newest = newest_of(found.get("revisions")) or head_revision(article)
        found |= annotated_text.context(article, found.get("findings", []), newest)
    return found


def _has_signed(
    request: DeskRequest, article: Article, reviews: Iterable[Review], paper: Paper
) -> bool:
    """Return the result of `permissions.has_signed_other` from rows that the screen has loaded."""
    reviewers = {row.reviewer_id for row in reviews if row.round == article.round}
    return request.user.pk in reviewers and not paper.allow_same_reviewer


def _transition_buttons(
    request: DeskRequest, article: Article, at: dt.datetime, has_signed: bool
) -> dict[str, Any]:
    return {
        "buttons": buttons(article, request.user, at, has_signed=has_signed),
        "caution": warning(article, request.user, at, has_signed=has_signed),
    }


def _log_of(article: Article) -> list[LogEntry]:
    return list(article.log.select_related("by", "revision").defer("revision__content"))


def _reviews_of(article: Article, log: Iterable[LogEntry]) -> list[Review]:
    if not any(entry.transition == "approve" for entry in log):
        return []
    rows = article.reviews.select_related("reviewer", "revision")
    return list(rows.defer("revision__content"))


def _history(
    request: DeskRequest, article: Article, log: list[LogEntry], reviews: list[Review]
) -> dict[str, Any]:
    """Return the record of an article: transitions, revisions, signatures, proofing findings."""
    revisions = list(article.revisions.select_related("saved_by").defer("content"))
    return {
        "log": [(entry, transition_label(entry.transition)) for entry in log],
        "revisions": revisions,
        "sheet": sign_off_sheet(article, log, reviews),
        "archive_mark": archive_entry(log),
        "approved_before": has_changed_since(request.user, reviews, revisions),
        "returned": last_return(article, log),
        "findings": validation.findings_of(content_of(article)),
    }


def _banner(article: Article) -> list[ArticlePhoto]:
    """Return the photos above the text: those that are not placed in it."""
    placed = set(article.body.photos)
    return [row for row in article.ordered_photos() if row.photo_id not in placed]


def sign_off_sheet(
    article: Article, log: Sequence[LogEntry], reviews: Sequence[Review]
) -> list[dict[str, Any]]:
    """Return the reviews of the article's last round in order, signed or pending.

    A round that ended without a signature is skipped for the previous one.
    """
    rounds = rounds_of(log)
    shown = next((one for one in reversed(rounds) if one.signed or not one.is_dropped), None)
    if shown is None:
        return []
    # The signatures of a round have the times of its rows.
    times = {log[index].at for index in shown.signed.values()}
    signed = {row.stage: row for row in reviews if row.at in times}
    return [
        {
            "label": REVIEW_NAMES[state],
            "review": signed.get(state.value),
            "is_now": state == article.state,
        }
        for state in reviews_of(article, shown, is_current=shown is rounds[-1])
    ]


def last_return(article: Article, log: list[LogEntry]) -> LogEntry | None:
    """Return the log entry of the return that made this a draft again, None without one."""
    transitions = [entry for entry in log if entry.transition in TRANSITIONS]
    if (
        article.state != State.DRAFT
        or not transitions
        or transitions[-1].transition not in {"return", "restore"}
    ):
        return None
    return transitions[-1]
