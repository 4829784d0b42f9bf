"""One thing done with several articles: pass, return, place. Asks first, then says what was done.

Each article goes through the same service as alone, in a transaction of its own, with the version
that the person saw: one that has gone on fails, the others are done.
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

from articles import services
from articles.errors import Forbidden, Refusal
from articles.models import Article
from articles.moves import earlier_words
from articles.phrases import ReturnForm
from articles.querysets import signed_by
from articles.screen import refuse
from articles.services.rules import is_only_final_reader
from articles.states import READINGS, State
from articles.workflow import actor_of
from issues import services as issues
from issues.models import Placement
from paper.admin_base import DeskRequest

from .bulk_forms import PassForm, PlaceForm
from .counts import READERS
from .queue import back_to, number

#: So many articles at once: what a person can have looked at.
MOST = 100


@dataclass(frozen=True, slots=True)
class Pick:
    """One ticked article as it was shown; `article` is None where the person sees none such."""

    version: int
    article: Article | None

    def warning(self, user: Any, at: dt.datetime, do: str) -> str:
        """Return why it will probably fail, or nothing."""
        article = self.article
        if article is None:
            return _("There is no such article.")
        if article.version != self.version:
            return _("It has changed since you looked at the list.")
        if do == "place":
            return ""
        if article.state not in READINGS:
            return _("It is in no reading.")
        if article.held_by(at) not in {None, user}:
            return _("Somebody else has taken it.")
        return ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one article: `why` it failed, or its state and place now."""

    article: Article | None
    why: str = ""
    state: State | None = None
    place: Placement | None = None
    #: Where it stood before it was placed, for who takes that back.
    former: Placement | None = None


def _pass(article: Article, values: Mapping[str, Any], **who: Any) -> Outcome:
    services.pass_reading(article, note=values["note"], **who)
    return _moved(article, who["at"])


def _return(article: Article, values: Mapping[str, Any], **who: Any) -> Outcome:
    services.return_article(article, reason=values["reason"], **who)
    return _moved(article, who["at"])


def _moved(article: Article, at: dt.datetime) -> Outcome:
    fresh = Article.objects.only("state", "story").get(pk=article.pk)
    return Outcome(article, state=fresh.status(at))


def _place(article: Article, values: Mapping[str, Any], **who: Any) -> Outcome:
    former = _places([article]).get(article.pk)
    return Outcome(article, place=issues.place(article, values["page"], **who), former=former)


def _places(articles: Iterable[Article]) -> dict[int, Placement]:
    """Return the open places of `articles` by their ids."""
    rows = Placement.objects.filter(article__in=articles, is_open=True)
    return {row.article_id: row for row in rows.select_related("page__issue")}


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that can be done with several articles: its words, form and service."""

    title: Promise
    form: Callable[..., Any]
    call: Callable[..., Outcome]


ACTIONS: Mapping[str, Action] = {
    "pass": Action(gettext_lazy("Pass these articles"), PassForm, _pass),
    "return": Action(gettext_lazy("Return these articles"), ReturnForm, _return),
    "place": Action(gettext_lazy("Place these articles"), PlaceForm, _place),
}


@require_http_methods(["GET", "HEAD", "POST"])
def bulk(request: DeskRequest) -> HttpResponse:
    """Ask what to do with the ticked articles; once confirmed, do it and say how it went."""
    action = ACTIONS.get(request.POST.get("do", ""))
    back = back_to(request)
    if action is None:
        return redirect(back)
    at = timezone.now()
    if not _may(request, request.POST["do"]):
        return refuse(request, Forbidden(_("Your role does not allow this.")))
    picks = _picks(request, at)
    if not 0 < len(picks) <= MOST:
        messages.error(request, _("Tick 1 to %(n)d articles first.") % {"n": MOST})
        return redirect(back)
    is_confirmed = "confirmed" in request.POST
    data = request.POST if is_confirmed else None
    asks_page = action.form is PlaceForm
    form = action.form(data, user=request.user, at=at) if asks_page else action.form(data)
    if not is_confirmed or not form.is_valid():
        return _ask(request, action, picks, form, back, at)
    outcomes = _run(action, picks, form.cleaned_data, user=request.user, at=at)
    return _show(request, action, outcomes, back)


def _may(request: DeskRequest, do: str) -> bool:
    if do == "place":
        return issues.may_on_issues("place", request.user)
    return bool(actor_of(request.user).roles & READERS)


def _picks(request: DeskRequest, at: dt.datetime) -> list[Pick]:
    """Return what was ticked, each article once, in the order of the list."""
    wanted: dict[int, int] = {}
    for raw in request.POST.getlist("row")[: MOST + 1]:
        pk, _colon, version = raw.partition(":")
        wanted.setdefault(number(pk), number(version))
    rows = Article.objects.visible_to(actor_of(request.user), at).filter(pk__in=wanted)
    found = {article.pk: article for article in rows.for_lists()}
    return [Pick(version, found.get(pk)) for pk, version in wanted.items()]


def _run(
    action: Action, picks: Sequence[Pick], values: Mapping[str, Any], *, user: Any, at: dt.datetime
) -> list[Outcome]:
    """Do it with one article after the other; what is refused stops none of the others."""
    outcomes = []
    for pick in picks:
        article = pick.article
        if article is None:
            outcomes.append(Outcome(None, why=_("There is no such article.")))
            continue
        try:
            done = action.call(article, values, user=user, at=at, version=pick.version)
        except Refusal as refusal:
            done = Outcome(article, why=str(refusal))
        outcomes.append(done)
    return outcomes


def _cautions(picks: Sequence[Pick], user: Any) -> dict[Article | None, str]:
    """Return what speaks against signing an article, for those where something does."""
    found = [pick.article for pick in picks if pick.article]
    rows = Article.objects.filter(pk__in=[article.pk for article in found])
    signed = set(rows.filter(signed_by(actor_of(user))).values_list("pk", flat=True))
    is_only = is_only_final_reader(user)
    return {
        article: _("You signed another reading of it.")
        if article.pk in signed
        else earlier_words(article, is_only=is_only)
        for article in found
    }


def _ask(
    request: DeskRequest,
    action: Action,
    picks: Sequence[Pick],
    form: Any,
    back: str,
    at: dt.datetime,
) -> HttpResponse:
    do = request.POST["do"]
    cautions = _cautions(picks, request.user) if do == "pass" else {}
    places = _places([pick.article for pick in picks if pick.article]) if do == "place" else {}
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
                # What one should not sign is not ticked, unless one ticked it here.
                "is_ticked": form.is_bound or not cautions.get(pick.article),
            }
            for pick in picks
        ],
        "form": form,
        "back": back,
    }
    return render(request, "desk/bulk.html", context, status=400 if form.is_bound else 200)


def _show(
    request: DeskRequest, action: Action, outcomes: Sequence[Outcome], back: str
) -> HttpResponse:
    context = {
        **site.each_context(request),
        "title": _("What was done"),
        "do": request.POST["do"],
        "done": [outcome for outcome in outcomes if not outcome.why],
        "failed": [outcome for outcome in outcomes if outcome.why],
        "back": back,
    }
    return render(request, "desk/bulk_done.html", context)
