"""Bulk actions on articles: approve, return, place, with a confirmation and a result view.

Each article goes through the same service as a single one, in a separate transaction, with the
version that the user saw: an article that has changed fails, the others succeed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.admin import site
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from articles.exceptions import Forbidden, Refusal
from articles.forms.return_reasons import ReturnForm
from articles.models import Article
from articles.querysets import signed_by
from articles.services import authorship
from articles.services.permissions import is_sole_final_reviewer
from articles.views.rendering import refuse
from articles.views.transition_buttons import earlier_message, make_transition
from articles.workflow.states import REVIEWS, State
from articles.workflow.transitions import actor_of
from issues import services as issues
from issues.models import Placement
from paper.base_admin import DeskRequest
from paper.permissions import Capability, may
from textkit.numbers import parse_number

from ..forms import ApproveForm, PlaceForm
from .queue import back_to

#: Maximum number of articles in one bulk action, which a user can have read.
MAX_ARTICLES = 100


@dataclass(frozen=True, slots=True)
class BulkPick:
    """Selected article in the version that was shown; `article` is None if it is not visible."""

    version: int
    article: Article | None

    def warning(self, user: Any, at: dt.datetime, do: str) -> str:
        """Return the reason why the action will probably fail, or ""."""
        article = self.article
        if article is None:
            return _("There is no such article.")
        if article.version != self.version:
            return _("It has changed since you opened the list.")
        if do == "place":
            return ""
        if article.state not in REVIEWS:
            return _("It is not in review.")
        if article.held_by(at) not in {None, user}:
            return _("Somebody else has taken it.")
        return ""


@dataclass(frozen=True, slots=True)
class BulkOutcome:
    """Result for one article: the reason `why` it failed, or its new state and place."""

    article: Article | None
    why: str = ""
    state: State | None = None
    place: Placement | None = None
    #: Placement before the action, to undo it.
    former: Placement | None = None


def _approve(article: Article, values: Mapping[str, Any], **who: Any) -> BulkOutcome:
    answers = authorship.answers_in(values["data"], f"{article.pk}-")
    make_transition("approve", article, values={"note": values["note"], "answers": answers}, **who)
    return _outcome(article, who["at"])


def _return(article: Article, values: Mapping[str, Any], **who: Any) -> BulkOutcome:
    make_transition("return", article, values={"reason": values["reason"]}, **who)
    return _outcome(article, who["at"])


def _outcome(article: Article, at: dt.datetime) -> BulkOutcome:
    fresh = Article.objects.only("state", "story").get(pk=article.pk)
    return BulkOutcome(article, state=fresh.status(at))


def _place(article: Article, values: Mapping[str, Any], **who: Any) -> BulkOutcome:
    former = _places([article]).get(article.pk)
    return BulkOutcome(article, place=issues.place(article, values["page"], **who), former=former)


def _places(articles: Iterable[Article]) -> dict[int, Placement]:
    """Return the open places of `articles` by their ids."""
    rows = Placement.objects.filter(article__in=articles, is_open=True)
    return {row.article_id: row for row in rows.select_related("page__issue")}


@dataclass(frozen=True, slots=True)
class BulkAction:
    """Bulk action: its title, form and service."""

    title: Promise
    form: Callable[..., Any]
    call: Callable[..., BulkOutcome]


ACTIONS: Mapping[str, BulkAction] = {
    "approve": BulkAction(gettext_lazy("Approve these articles"), ApproveForm, _approve),
    "return": BulkAction(gettext_lazy("Return these articles"), ReturnForm, _return),
    "place": BulkAction(gettext_lazy("Place these articles"), PlaceForm, _place),
}


@require_http_methods(["GET", "HEAD", "POST"])
def bulk_action(request: DeskRequest) -> HttpResponse:
    """Ask for confirmation of a bulk action on the selected articles, then run it."""
    action = ACTIONS.get(request.POST.get("do", ""))
    back = back_to(request)
    if action is None:
        return redirect(back)
    at = timezone.now()
    if not _may(request, request.POST["do"]):
        return refuse(request, Forbidden(_("Your role does not allow this.")))
    picks = _picks(request, at)
    if not 0 < len(picks) <= MAX_ARTICLES:
        messages.error(request, _("Tick 1 to %(n)d articles first.") % {"n": MAX_ARTICLES})
        return redirect(back)
    is_confirmed = "confirmed" in request.POST
    data = request.POST if is_confirmed else None
    asks_page = action.form is PlaceForm
    form = action.form(data, user=request.user, at=at) if asks_page else action.form(data)
    if not is_confirmed or not form.is_valid():
        return _ask(request, action, picks, form, back, at)
    values = {**form.cleaned_data, "data": request.POST}
    outcomes = _run(action, picks, values, user=request.user, at=at)
    return _show(request, action, outcomes, back)


def _may(request: DeskRequest, do: str) -> bool:
    if do == "place":
        return issues.may_on_issues("place", request.user)
    return may(request.user, Capability.REVIEW)


def _picks(request: DeskRequest, at: dt.datetime) -> list[BulkPick]:
    """Return the selected articles, each once, in the order of the list."""
    wanted: dict[int, int] = {}
    for raw in request.POST.getlist("row")[: MAX_ARTICLES + 1]:
        pk, _colon, version = raw.partition(":")
        wanted.setdefault(parse_number(pk, 0), parse_number(version, 0))
    rows = Article.objects.visible_to(actor_of(request.user), at).filter(pk__in=wanted)
    found = {article.pk: article for article in rows.for_lists()}
    return [BulkPick(version, found.get(pk)) for pk, version in wanted.items()]


def _run(
    action: BulkAction,
    picks: Sequence[BulkPick],
    values: Mapping[str, Any],
    *,
    user: Any,
    at: dt.datetime,
) -> list[BulkOutcome]:
    """Run the action on each article; a refusal does not stop the others."""
    outcomes = []
    for pick in picks:
        article = pick.article
        if article is None:
            outcomes.append(BulkOutcome(None, why=_("There is no such article.")))
            continue
        try:
            done = action.call(article, values, user=user, at=at, version=pick.version)
        except Refusal as refusal:
            done = BulkOutcome(article, why=str(refusal))
        outcomes.append(done)
    return outcomes


def _cautions(
    found: Sequence[Article], standings: Mapping[int, authorship.Standing], user: Any
) -> dict[Article | None, str]:
    """Return the reasons against signing an article, by article."""
    rows = Article.objects.filter(pk__in=[article.pk for article in found])
    signed = set(rows.filter(signed_by(actor_of(user))).values_list("pk", flat=True))
    is_only = is_sole_final_reviewer(user)
    return {
        article: _("You have signed another review of it.")
        if article.pk in signed
        else standings[article.pk].own or earlier_message(article, is_only=is_only)
        for article in found
    }


def _questions(
    article: Article | None, standings: Mapping[int, authorship.Standing], data: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Return the questions about namesakes before an article is signed."""
    if article is None or article.pk not in standings:
        return []
    answers = authorship.answers_in(data, f"{article.pk}-")
    return [
        {
            "question": one,
            "field": f"{article.pk}-namesake-{one.key}",
            "answer": answers.get(one.key, ""),
        }
        for one in standings[article.pk].questions
    ]


def _ask(
    request: DeskRequest,
    action: BulkAction,
    picks: Sequence[BulkPick],
    form: Any,
    back: str,
    at: dt.datetime,
) -> HttpResponse:
    do = request.POST["do"]
    found = [pick.article for pick in picks if pick.article]
    standings = authorship.standings(found, request.user) if do == "approve" else {}
    cautions = _cautions(found, standings, request.user) if do == "approve" else {}
    places = _places(found) if do == "place" else {}
    context = {
        **site.each_context(request),
        "title": action.title,
        "do": do,
        "rows": [
            {
                "pick": pick,
                "state": pick.article.status(at) if pick.article else None,
                "holder": pick.article.held_by(at) if pick.article else None,
                "place": places.get(pick.article.pk) if pick.article else None,
                "warning": pick.warning(request.user, at, do) or cautions.get(pick.article, ""),
                # Do not preselect articles with cautions, unless the form was submitted.
                "is_ticked": form.is_bound or not cautions.get(pick.article),
                "questions": _questions(pick.article, standings, request.POST),
            }
            for pick in picks
        ],
        "asks": any(one.questions for one in standings.values()),
        "form": form,
        "back": back,
    }
    return render(request, "desk/bulk.html", context, status=400 if form.is_bound else 200)


def _show(
    request: DeskRequest, action: BulkAction, outcomes: Sequence[BulkOutcome], back: str
) -> HttpResponse:
    context = {
        **site.each_context(request),
        "title": _("Result"),
        "do": request.POST["do"],
        "done": [outcome for outcome in outcomes if not outcome.why],
        "failed": [outcome for outcome in outcomes if outcome.why],
        "back": back,
    }
    return render(request, "desk/bulk_done.html", context)
