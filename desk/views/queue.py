"""Views of the review queue, in which users take and leave articles."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.admin import site
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from articles.exceptions import Forbidden, Refusal
from articles.views.rendering import get_visible_article, refuse
from articles.views.transition_buttons import make_transition
from articles.workflow.states import REVIEWS
from articles.workflow.transitions import REVIEWERS as BY_REVIEW
from articles.workflow.transitions import Actor, actor_of
from issues.selectors import review_queue
from issues.services import may_on_issues
from paper.base_admin import DeskRequest
from paper.permissions import Capability
from paper.reviews import REVIEW_NAMES
from textkit.numbers import parse_number

PER_PAGE = 30
LISTS = {
    "waiting": gettext_lazy("Waiting for your review"),
    "mine": gettext_lazy("Taken by you"),
    "others": gettext_lazy("Taken by colleagues"),
    "signed": gettext_lazy("For another reviewer"),
}
_TRANSITIONS = frozenset({"take", "leave"})


def back_to(request: DeskRequest) -> str:
    """Return the URL of the list that the form was sent from, by default the queue."""
    raw = request.POST.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(raw, allowed_hosts=None)
    return raw if is_ours and raw.startswith(reverse("admin:index")) else reverse("admin:queue")


@require_safe
def queue_page(request: DeskRequest) -> HttpResponse:
    """Show the articles that wait for the user's review, with pagination."""
    actor = actor_of(request.user)
    if not actor.may(Capability.REVIEW):
        return refuse(request, Forbidden(_("Your role does not review articles.")))
    at = timezone.now()
    which = request.GET.get("list", "")
    which = which if which in LISTS else "waiting"
    articles = review_queue.review_queue(actor, at, which)
    review = request.GET.get("review", "")
    if review in REVIEWS:
        articles = articles.filter(state=review)
    page = max(1, parse_number(request.GET.get("page", ""), 1))
    start = (page - 1) * PER_PAGE
    # One row more than shown tells whether there are further rows, without a count.
    common = site.each_context(request)
    rows = review_queue.rows_of(articles[start : start + PER_PAGE + 1], actor, at)
    context = {
        **common,
        **_choices(actor, which, review),
        "title": _("Waiting for your review"),
        "rows": rows[:PER_PAGE],
        "previous": _address(which, review, page - 1) if page > 1 else "",
        "next": _address(which, review, page + 1) if len(rows) > PER_PAGE else "",
        "here": _address(which, review, page),
        "may_place": may_on_issues("place", request.user),
        "at": at,
    }
    return render(request, "desk/queue.html", context)


def _choices(actor: Actor, which: str, review: str) -> dict[str, Any]:
    """Return the chips above the list: whose articles, and which review if there are several."""
    mine = [state for state in REVIEWS if BY_REVIEW[state] & actor.roles]
    reviews = [
        (REVIEW_NAMES[state], _address(which, state.value), review == state.value) for state in mine
    ]
    return {
        "lists": [(label, _address(name, review), name == which) for name, label in LISTS.items()],
        "reviews": reviews if len(reviews) > 1 else [],
        "all_reviews": (_address(which, ""), review not in REVIEWS),
        "which": which,
    }


def _address(which: str, review: str, page: int = 1) -> str:
    """Return the URL of a list, without default parameters."""
    parameters = {
        "list": which if which in LISTS and which != "waiting" else "",
        "review": review if review in REVIEWS else "",
        "page": str(page) if page > 1 else "",
    }
    query = urlencode({name: value for name, value in parameters.items() if value})
    return reverse("admin:queue") + (f"?{query}" if query else "")


@require_POST
def queue_transition(request: DeskRequest, pk: int, name: str) -> HttpResponse:
    """Take or leave an article, then redirect to the same part of the queue."""
    if name not in _TRANSITIONS:
        raise Http404
    at = timezone.now()
    article = get_visible_article(request, pk, at)
    version = parse_number(request.POST.get("version", ""), article.version)
    try:
        make_transition(name, article, user=request.user, at=at, version=version, values={})
    except Refusal as refusal:
        return refuse(request, refusal)
    done = _("Taken: %(title)s") if name == "take" else _("Put back: %(title)s")
    messages.success(request, done % {"title": article.title})
    back = back_to(request)
    return redirect(f"{back}#row-{pk}")
