"""Views of an issue's deadlines, and of the timetable of a day. The rules are in `services`."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.contrib.admin import site
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from articles.exceptions import Forbidden, Invalid, Refusal
from articles.views.rendering import refuse
from paper.base_admin import DeskRequest

from .. import services
from ..forms.planning import DeadlinesForm, RescheduleForm
from ..models import Issue
from ..selectors.timetable import timetable
from ..services.planning import FIRST_YEAR, LAST_YEAR

_BOARD = "admin:issues_issue_change"
_DAY = dt.timedelta(days=1)


@require_http_methods(["GET", "HEAD", "POST"])
def issue_deadlines(request: DeskRequest, pk: int) -> HttpResponse:
    """Show and change cut-off and release of an issue; for a signed issue only its release."""
    at = timezone.now()
    if not services.sees_issues(request.user):
        raise Http404
    issue = get_object_or_404(Issue.objects.select_related("edition"), pk=pk)
    if not services.may_set_deadlines(issue, request.user, at):
        return refuse(request, Forbidden(_("You cannot change the times of this issue now.")))
    is_signed = issue.state == Issue.State.SIGNED
    kind = RescheduleForm if is_signed else DeadlinesForm
    form: DeadlinesForm | RescheduleForm = kind(request.POST or None, issue=issue)
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, _save(form, issue, request, at))
        except Invalid as invalid:
            form.add_error(None, invalid.problems)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(_BOARD, pk)
    context = {
        **site.each_context(request),
        "title": _("Times of No. %(number)d, %(date)s")
        % {"number": issue.number, "date": issue.date.isoformat()},
        "issue": issue,
        "form": form,
        "is_signed": is_signed,
    }
    return render(request, "issues/deadlines.html", context, status=400 if form.is_bound else 200)


def _save(
    form: DeadlinesForm | RescheduleForm, issue: Issue, request: DeskRequest, at: dt.datetime
) -> str:
    values = form.cleaned_data
    if isinstance(form, DeadlinesForm):
        services.set_deadlines(issue, user=request.user, at=at, **values)
        return _("The times are saved.")
    moved = services.reschedule(issue, user=request.user, at=at, **values)
    local = timezone.localtime(moved.release_at).strftime("%Y-%m-%d %H:%M")
    if moved.release_at <= at:
        return _("The issue is published.")
    return _("All stories are released together at %(time)s.") % {"time": local}


@require_safe
def day(request: DeskRequest) -> HttpResponse:
    """Show the releases of a day (?date=2026-11-26, else today) and of the next day.

    In the evening the next morning matters most.
    """
    if not services.sees_issues(request.user):
        raise Http404
    at = timezone.now()
    today = timezone.localdate(at)
    shown = _day_in(request.GET.get("date", ""), today)
    context = {
        **site.each_context(request),
        "title": _("Today's timetable") if shown == today else _("Timetable"),
        "today": today,
        "before": shown - _DAY,
        "after": shown + _DAY,
        "days": [(one, timetable(one, request.user, at)) for one in (shown, shown + _DAY)],
    }
    return render(request, "issues/timetable.html", context)


def _day_in(text: str, today: dt.date) -> dt.date:
    try:
        found = dt.date.fromisoformat(text)
    except ValueError:
        return today
    return found if FIRST_YEAR < found.year < LAST_YEAR else today
