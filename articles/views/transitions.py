"""Views of the transitions of an article: the question, the form, the result."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.contrib.admin import site
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from paper.base_admin import DeskRequest
from textkit.numbers import parse_number

from ..exceptions import Invalid, Refusal
from ..models import Article, LogEntry
from ..selectors.recent_changes import is_duplicate_click, transition_label
from ..services import authorship, permissions, validation
from ..workflow.transitions import TRANSITIONS, actor_of
from .rendering import ARTICLE_SCREEN, get_visible_article, refuse
from .transition_buttons import (
    SERVICES,
    button_label,
    done_message,
    form_of,
    make_transition,
)


def report_duplicate_click(request: DeskRequest, entry: LogEntry, at: dt.datetime) -> HttpResponse:
    """Answer the second click on a transition with the result of the first."""
    pk = entry.article_id
    time = timezone.localtime(entry.at).strftime("%H:%M")
    transition = transition_label(entry.transition)
    messages.info(
        request,
        _("You already did this at %(time)s: %(transition)s.")
        % {"time": time, "transition": transition},
    )
    return redirect(ARTICLE_SCREEN, pk) if _is_seen(request, pk, at) else redirect("admin:index")


def after_transition(
    request: DeskRequest, article: Article, name: str, at: dt.datetime
) -> HttpResponse:
    """Report success and show the article, or the dashboard where the user can no longer see it.

    In that case the message names the article, because nothing else on the page does.
    """
    done = done_message(name, Article.objects.filter(pk=article.pk).first() or article)
    is_seen = _is_seen(request, article.pk, at)
    is_here = is_seen and not _is_from_queue(request)
    messages.success(request, done if is_here else f"{done} 《{article.title}》")
    if _is_from_queue(request):
        return redirect("admin:queue")
    return redirect(ARTICLE_SCREEN, article.pk) if is_seen else redirect("admin:index")


def _is_from_queue(request: DeskRequest) -> bool:
    """Return whether the transition was chosen in the queue, where the user continues then."""
    return "queue" in {request.GET.get("from"), request.POST.get("from")}


def _is_seen(request: DeskRequest, pk: int, at: dt.datetime) -> bool:
    return Article.objects.visible_to(actor_of(request.user), at).filter(pk=pk).exists()


@require_http_methods(["GET", "HEAD", "POST"])
def transition_view(request: DeskRequest, pk: int, name: str) -> HttpResponse:
    """Make a transition, after asking for the data that it needs."""
    at = timezone.now()
    if name not in SERVICES:
        raise Http404
    is_post = request.method == "POST"
    known = parse_number(request.POST.get("version", ""), -1)
    earlier = is_duplicate_click(pk, name, request.user, known) if is_post else None
    if earlier is not None:
        return report_duplicate_click(request, earlier, at)
    article = get_visible_article(request, pk, at)
    try:
        permissions.require(article, name, request.user, at, known if known >= 0 else None)
    except Refusal as refusal:
        return refuse(request, refusal)
    form_class = form_of(name, article)
    form = form_class(request.POST if is_post else None) if form_class else None
    if not is_post or (form is not None and not form.is_valid()):
        return ask(request, article, name, form, status=400 if is_post else 200)
    try:
        validation.require_seen(known if known >= 0 else None)
    except Invalid as unseen:
        # Show the input again, over the current article.
        version = article.version
        return ask(request, article, name, form, status=400, version=version, refusal=unseen)
    return _make(request, article, name, form, at)


def ask(
    request: DeskRequest,
    article: Article,
    name: str,
    form: Any,
    *,
    status: int = 200,
    version: int | None = None,
    refusal: Invalid | None = None,
) -> HttpResponse:
    """Show the form of the transition, with its input and the reason why it was refused."""
    context = {
        **site.each_context(request),
        "title": button_label(article, name).rstrip("…"),
        "article": article,
        "transition": TRANSITIONS[name],
        "form": form,
        "version": version or parse_number(request.POST.get("version", ""), article.version),
        "is_from_queue": _is_from_queue(request),
        "refusal": refusal,
        "questions": _questions(request, article) if name == "approve" else [],
    }
    return render(request, "articles/transition.html", context, status=status)


def _questions(request: DeskRequest, article: Article) -> list[dict[str, Any]]:
    """Return the questions about namesakes, with the answers in this form."""
    answers = authorship.answers_in(request.POST)
    found = authorship.standing_of(article, request.user).questions
    return [
        {"question": one, "field": f"namesake-{one.key}", "answer": answers.get(one.key, "")}
        for one in found
    ]


def _make(
    request: DeskRequest, article: Article, name: str, form: Any, at: dt.datetime
) -> HttpResponse:
    version = parse_number(request.POST["version"], 0)
    values = dict(form.cleaned_data) if form else {}
    if name == "approve":
        values["answers"] = authorship.answers_in(request.POST)
    try:
        earlier = make_transition(
            name, article, user=request.user, at=at, version=version, values=values
        )
    except Invalid as invalid:
        return ask(request, article, name, form, status=400, refusal=invalid)
    except Refusal as refusal:
        is_deleted = name == "delete" and not Article.objects.filter(pk=article.pk).exists()
        # The first click of a double click has deleted it, as the second one intended.
        return (
            after_transition(request, article, name, at) if is_deleted else refuse(request, refusal)
        )
    if earlier is not None:
        return report_duplicate_click(request, earlier, at)
    return after_transition(request, article, name, at)


def delete(request: DeskRequest, pk: int) -> HttpResponse:
    """Ask for confirmation and delete a draft: a transition under the admin's delete URL."""
    return transition_view(request, pk, "delete")
