"""Views of the issue board: place articles, close and sign. The rules are in `services`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection

from django.contrib import messages
from django.contrib.admin import site
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from articles.exceptions import Hidden, Invalid, Refusal
from articles.models import Article
from articles.views.rendering import refuse
from articles.workflow.transitions import actor_of
from paper.base_admin import DeskRequest
from textkit.numbers import parse_number

from .. import services
from ..models import Issue, Page, Placement
from ..selectors import board as boards

_BOARD = "admin:issues_issue_change"


@require_http_methods(["GET", "HEAD"])
def board(request: DeskRequest, pk: int) -> HttpResponse:
    """Show an issue with its pages, its placed articles, and what blocks its signature."""
    issue = _issue(request, pk)
    context = {
        **site.each_context(request),
        "title": _("No. %(number)d, %(date)s")
        % {"number": issue.number, "date": issue.date.isoformat()},
        **boards.context(issue, request.user, timezone.now()),
    }
    return render(request, "issues/board.html", context)


@require_safe
def board_version(request: DeskRequest, pk: int) -> JsonResponse:
    """Return as `mark` a version that changes when somebody changes the board."""
    return JsonResponse({"mark": boards.board_version(_issue(request, pk), timezone.now())})


def _issue(request: DeskRequest, pk: int) -> Issue:
    """Return the issue for users who plan or administer. Raises Http404."""
    if not services.sees_issues(request.user):
        raise Http404
    return get_object_or_404(Issue.objects.select_related("signed_by", "edition"), pk=pk)


@require_POST
def handle_action(request: DeskRequest, pk: int, action: str) -> HttpResponse:
    """Do one action on the board; a script that asks for JSON gets a `message`."""
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
    """Return a number from the form; `default` where it is missing."""
    raw = request.POST.get(name, "")
    return parse_number(raw, default)


def _placement(request: DeskRequest, name: str, issue: Issue) -> Placement:
    """Return the open placement of `issue` in the form. Raises Invalid where it is gone."""
    rows = Placement.objects.filter(page__issue=issue, is_open=True)
    found = rows.select_related("page__issue", "article").filter(pk=_number(request, name)).first()
    if found is None:
        raise Invalid([_("Somebody has just moved this article. Please check again.")])
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
    return _("Placed on page %(number)d: %(title)s") % {
        "number": page.number,
        "title": article.title,
    }


def _unplace(request: DeskRequest, issue: Issue, at: dt.datetime) -> str:
    placement = get_object_or_404(
        Placement, pk=_number(request, "placement"), page__issue=issue, is_open=True
    )
    services.unplace(placement, user=request.user, at=at)
    return _("Taken off the page: %(title)s") % {"title": placement.article.title}


def _carry(request: DeskRequest, issue: Issue, at: dt.datetime) -> str:
    placement = _placement(request, "placement", issue)
    moved = services.carry_over(placement, user=request.user, at=at)
    return _("Moved to %(date)s, page %(number)d: %(title)s") % {
        "date": moved.page.issue.date.isoformat(),
        "number": moved.page.number,
        "title": placement.article.title,
    }


def _swap(request: DeskRequest, issue: Issue, at: dt.datetime) -> str:
    one = _placement(request, "placement", issue)
    other = _placement(request, "other", issue)
    services.swap(one, other, user=request.user, at=at)
    return _("Swapped: %(one)s, %(other)s") % {
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
        return _("No longer continued on another page: %(title)s") % {
            "title": placement.article.title
        }
    return _("Continued on page %(number)d: %(title)s") % {
        "number": page.number,
        "title": placement.article.title,
    }


def _close(request: DeskRequest, issue: Issue, at: dt.datetime) -> str:
    _once(services.close, {"close"}, request, issue, at, must_match=False)
    return _("The issue is closed. The chief editor can sign it when nothing blocks it.")


def _sign(request: DeskRequest, issue: Issue, at: dt.datetime) -> str:
    signed = _once(services.sign, {"sign"}, request, issue, at)
    when = signed.edition.release_at if signed.edition else at
    if when <= timezone.now():
        return _("Signed. The issue is published.")
    local = timezone.localtime(when).strftime("%Y-%m-%d %H:%M")
    return _("Signed. All stories are released together at %(time)s.") % {"time": local}


def _reopen(request: DeskRequest, issue: Issue, at: dt.datetime) -> str:
    _once(services.reopen, {"reopen", "void"}, request, issue, at, must_match=False)
    return _("The issue is open again.")


def _once(
    service: Callable[..., Issue],
    actions: Collection[str],
    request: DeskRequest,
    issue: Issue,
    at: dt.datetime,
    *,
    must_match: bool = True,
) -> Issue:
    """Call `service` and return the issue; a duplicate click gets the result of the first.

    `actions` are the names under which the service logs. Without `must_match` the service does not
    get the version: the board's script changes the plan without reloading its buttons.
    """
    version = _number(request, "version") or None
    try:
        return service(issue, user=request.user, at=at, version=version if must_match else None)
    except Refusal:
        if not services.is_duplicate_click(issue, actions, request.user, version):
            raise
        return Issue.objects.select_related("edition").get(pk=issue.pk)


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
