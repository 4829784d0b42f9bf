"""The issue board at the desk: place, close, sign. Thin: the rules are in `services`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.admin import site
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from articles.errors import Hidden, Invalid, Refusal
from articles.models import Article
from articles.screen import refuse
from articles.states import State
from articles.workflow import actor_of
from paper.admin_base import DeskRequest

from . import services
from .models import Issue, Page, Placement
from .services import may_on_issues

_BOARD = "admin:issues_issue_change"
CANDIDATES = 60


@require_http_methods(["GET", "HEAD"])
def board(request: DeskRequest, pk: int) -> HttpResponse:
    """Show an issue with its pages, what is placed on them, and what blocks its signature."""
    at = timezone.now()
    issue = _issue(request, pk)
    placements = list(
        Placement.objects.filter(page__issue=issue)
        .in_order()
        .prefetch_related("article__bylines__contributor", "article__towns")
    )
    pages = [
        {
            "page": page,
            "rows": [
                {"placement": p, "state": p.article.status(at)}
                for p in placements
                if p.page_id == page.pk
            ],
        }
        for page in issue.pages.all()
    ]
    found = [] if issue.state == Issue.State.SIGNED else services.blockers(issue, at)
    context = {
        **site.each_context(request),
        "title": _("No. %(number)d, %(date)s")
        % {"number": issue.number, "date": issue.date.isoformat()},
        "issue": issue,
        "pages": pages,
        "blockers": found,
        "may": _may(request, issue, at),
        "candidates": _candidates(request, at),
        "at": at,
        "is_out": issue.state == Issue.State.SIGNED and issue.release_at <= at,
    }
    return render(request, "issues/board.html", context)


def _issue(request: DeskRequest, pk: int) -> Issue:
    """Return the issue for who plans or keeps the house in order. Raises Http404."""
    if not services.sees_issues(request.user):
        raise Http404
    return get_object_or_404(Issue.objects.select_related("signed_by", "edition"), pk=pk)


def _may(request: DeskRequest, issue: Issue, at: dt.datetime) -> dict[str, bool]:
    """Return which actions the board offers to the person now."""
    can = {name: may_on_issues(name, request.user) for name in services.MAY}
    states = Issue.State
    is_out = issue.edition is not None and issue.edition.release_at <= at
    return {
        "place": can["place"] and services.is_open_for(issue, request.user, at),
        "plan": can["plan"] and services.is_open_for(issue, request.user, at),
        "close": can["close"] and issue.state == states.PLANNING,
        "sign": can["sign"] and issue.state == states.CLOSED,
        "reopen": can["reopen"] and issue.state != states.PLANNING and not is_out,
    }


def _candidates(request: DeskRequest, at: dt.datetime) -> list[dict[str, Any]]:
    """Return what can be placed: seen by the person, on no page, not out; signed first."""
    rows = (
        Article.objects.visible_to(actor_of(request.user), at)
        .filter(state__in=[state.value for state in services.PLACEABLE], story=None)
        .exclude(placements__is_open=True)
        .for_lists()[:CANDIDATES]
    )
    found = [{"article": row, "state": row.status(at)} for row in rows]
    found.sort(key=lambda row: row["state"] != State.APPROVED)
    return found


@require_POST
def act(request: DeskRequest, pk: int, action: str) -> HttpResponse:
    """Do one thing on the board."""
    do = ACTIONS.get(action)
    issue = _issue(request, pk)
    if do is None:
        raise Http404
    try:
        done = do(request, issue, timezone.now())
    except Invalid as invalid:
        for problem in invalid.problems:
            messages.error(request, problem)
        return redirect(_BOARD, pk)
    except Refusal as refusal:
        return refuse(request, refusal)
    messages.success(request, done)
    return redirect(_BOARD, pk)


def _number(request: DeskRequest, name: str) -> int:
    """Return a number that the form sends; 0 where there is none, which nothing is numbered."""
    raw = request.POST.get(name, "")
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 12 else 0


def _place(request: DeskRequest, issue: Issue, at: dt.datetime) -> str:
    page = Page.objects.filter(issue=issue, pk=_number(request, "page")).first()
    rows = Article.objects.visible_to(actor_of(request.user), at)
    article = rows.filter(pk=_number(request, "article")).first()
    if page is None:
        raise Invalid([_("Choose a page.")])
    if article is None:
        raise Hidden(_("There is no such article."))
    position = _number(request, "position") or None
    services.place(article, page, user=request.user, at=at, position=position)
    return _("On page %(number)d: %(title)s") % {"number": page.number, "title": article.title}


def _unplace(request: DeskRequest, issue: Issue, at: dt.datetime) -> str:
    placement = get_object_or_404(
        Placement, pk=_number(request, "placement"), page__issue=issue, is_open=True
    )
    services.unplace(placement, user=request.user, at=at)
    return _("Taken off the page: %(title)s") % {"title": placement.article.title}


def _close(request: DeskRequest, issue: Issue, at: dt.datetime) -> str:
    services.close(issue, user=request.user, at=at)
    return _("The issue is closed. The chief can sign it when nothing blocks.")


def _sign(request: DeskRequest, issue: Issue, at: dt.datetime) -> str:
    signed = services.sign(
        issue, user=request.user, at=at, version=_number(request, "version") or None
    )
    when = signed.edition.release_at if signed.edition else at
    local = timezone.localtime(when).strftime("%Y-%m-%d %H:%M")
    return _("Signed. Everything comes out together at %(time)s.") % {"time": local}


def _reopen(request: DeskRequest, issue: Issue, at: dt.datetime) -> str:
    services.reopen(issue, user=request.user, at=at)
    return _("The issue is open again.")


ACTIONS: dict[str, Callable[[DeskRequest, Issue, dt.datetime], str]] = {
    "place": _place,
    "unplace": _unplace,
    "close": _close,
    "sign": _sign,
    "reopen": _reopen,
}
