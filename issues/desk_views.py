"""The issue board at the desk: place, close, sign. Thin: the rules are in `services`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.contrib import messages
from django.contrib.admin import site
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from articles.errors import Hidden, Invalid, Refusal
from articles.models import Article
from articles.screen import refuse
from articles.workflow import actor_of
from paper.admin_base import DeskRequest

from . import board as boards
from . import services
from .models import Issue, Page, Placement

_BOARD = "admin:issues_issue_change"


@require_http_methods(["GET", "HEAD"])
def board(request: DeskRequest, pk: int) -> HttpResponse:
    """Show an issue with its pages, what is placed on them, and what blocks its signature."""
    issue = _issue(request, pk)
    context = {
        **site.each_context(request),
        "title": _("No. %(number)d, %(date)s")
        % {"number": issue.number, "date": issue.date.isoformat()},
        **boards.context(issue, request.user, timezone.now()),
    }
    return render(request, "issues/board.html", context)


@require_safe
def mark(request: DeskRequest, pk: int) -> JsonResponse:
    """Return as `mark` what changes when somebody changes the board."""
    return JsonResponse({"mark": boards.mark_of(_issue(request, pk), timezone.now())})


def _issue(request: DeskRequest, pk: int) -> Issue:
    """Return the issue for who plans or keeps the house in order. Raises Http404."""
    if not services.sees_issues(request.user):
        raise Http404
    return get_object_or_404(Issue.objects.select_related("signed_by", "edition"), pk=pk)


@require_POST
def act(request: DeskRequest, pk: int, action: str) -> HttpResponse:
    """Do one thing on the board; a script that asks for JSON is told in a `message`."""
    do = ACTIONS.get(action)
    issue = _issue(request, pk)
    if do is None:
        raise Http404
    is_script = request.headers.get("Accept", "").startswith("application/json")
    try:
        done = do(request, issue, timezone.now())
    except Invalid as invalid:
        if is_script:
            return JsonResponse({"message": " ".join(invalid.problems)}, status=invalid.status)
        for problem in invalid.problems:
            messages.error(request, problem)
        return redirect(_BOARD, pk)
    except Refusal as refusal:
        if is_script:
            return JsonResponse({"message": str(refusal)}, status=refusal.status)
        return refuse(request, refusal)
    if is_script:
        return JsonResponse({"message": done})
    messages.success(request, done)
    return redirect(_BOARD, pk)


def _number(request: DeskRequest, name: str, default: int = 0) -> int:
    """Return a number that the form sends; `default` where there is none."""
    raw = request.POST.get(name, "")
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 12 else default


def _placement(request: DeskRequest, name: str, issue: Issue) -> Placement:
    """Return the open place of `issue` that the form names. Raises Invalid where it is gone."""
    rows = Placement.objects.filter(page__issue=issue, is_open=True)
    found = rows.select_related("page__issue", "article").filter(pk=_number(request, name)).first()
    if found is None:
        raise Invalid([_("Somebody has moved this article meanwhile. Please look again.")])
    return found


def _place(request: DeskRequest, issue: Issue, at: dt.datetime) -> str:
    page = Page.objects.filter(issue=issue, pk=_number(request, "page")).first()
    rows = Article.objects.visible_to(actor_of(request.user), at)
    article = rows.filter(pk=_number(request, "article")).first()
    if page is None:
        raise Invalid([_("Choose a page.")])
    if article is None:
        raise Hidden(_("There is no such article."))
    position = _number(request, "position") or None
    seen = _number(request, "seen", -1)
    services.place(
        article,
        page,
        user=request.user,
        at=at,
        position=position,
        seen=seen if seen >= 0 else None,
    )
    return _("On page %(number)d: %(title)s") % {"number": page.number, "title": article.title}


def _unplace(request: DeskRequest, issue: Issue, at: dt.datetime) -> str:
    placement = get_object_or_404(
        Placement, pk=_number(request, "placement"), page__issue=issue, is_open=True
    )
    services.unplace(placement, user=request.user, at=at)
    return _("Taken off the page: %(title)s") % {"title": placement.article.title}


def _carry(request: DeskRequest, issue: Issue, at: dt.datetime) -> str:
    placement = _placement(request, "placement", issue)
    moved = services.carry_over(placement, user=request.user, at=at)
    return _("Carried over to %(date)s, page %(number)d: %(title)s") % {
        "date": moved.page.issue.date.isoformat(),
        "number": moved.page.number,
        "title": placement.article.title,
    }


def _swap(request: DeskRequest, issue: Issue, at: dt.datetime) -> str:
    one = _placement(request, "placement", issue)
    other = _placement(request, "other", issue)
    services.swap(one, other, user=request.user, at=at)
    return _("Changed places: %(one)s, %(other)s") % {
        "one": one.article.title,
        "other": other.article.title,
    }


def _column(request: DeskRequest, issue: Issue, at: dt.datetime) -> str:
    placement = _placement(request, "placement", issue)
    column = request.POST.get("column", "")
    services.set_column(placement, column, user=request.user, at=at)
    return _("Saved.")


def _continue(request: DeskRequest, issue: Issue, at: dt.datetime) -> str:
    placement = _placement(request, "placement", issue)
    page = Page.objects.filter(issue=issue, pk=_number(request, "over")).first()
    services.continue_on(placement, page, user=request.user, at=at)
    if page is None:
        return _("It ends on its page: %(title)s") % {"title": placement.article.title}
    return _("Goes on on page %(number)d: %(title)s") % {
        "number": page.number,
        "title": placement.article.title,
    }


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
    "carry": _carry,
    "swap": _swap,
    "column": _column,
    "continue": _continue,
    "close": _close,
    "sign": _sign,
    "reopen": _reopen,
}
