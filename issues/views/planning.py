"""Views that plan an issue, its pages and the series. The rules are in `services`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.admin import site
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from articles.exceptions import Forbidden, Invalid, Refusal
from articles.views.rendering import refuse
from paper.base_admin import DeskRequest
from textkit.numbers import parse_number

from .. import services
from ..forms.pages import page_rows
from ..forms.planning import PlanForm, SeriesForm
from ..models import Issue, Series
from ..services import may_on_issues

_BOARD = "admin:issues_issue_change"
#: How far ahead "plan the next weeks" plans.
AHEAD = dt.timedelta(days=14)


def _refused(request: DeskRequest) -> HttpResponse | None:
    if may_on_issues("plan", request.user):
        return None
    return refuse(request, Forbidden(_("Your role cannot plan issues.")))


@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: DeskRequest) -> HttpResponse:
    """Plan a new issue; `?date=` suggests a day."""
    if refused := _refused(request):
        return refused
    form = PlanForm(request.POST or None, day=_day(request))
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        made = _try(form, lambda: services.plan_issue(user=request.user, **values))
        if made is not None:
            messages.success(request, _("The issue is planned. Now place articles on its pages."))
            return redirect(_BOARD, made.pk)
    context = {**site.each_context(request), "title": _("Plan an issue"), "form": form}
    return render(request, "issues/plan.html", context, status=400 if form.is_bound else 200)


def _day(request: DeskRequest) -> dt.date:
    """Return the day in the query string, or the next day on which an issue is due."""
    try:
        return dt.date.fromisoformat(request.GET.get("date", ""))
    except ValueError:
        active = Series.objects.filter(is_active=True)
        return services.next_free_day(timezone.localdate(), list(active))


def _try(form: Any, do: Callable[[], Any]) -> Any:
    """Return the result of `do`, or None where it refuses; the form then has the errors."""
    try:
        return do()
    except Invalid as invalid:
        form.add_error(None, invalid.problems)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
    return None


@require_POST
def plan_ahead(request: DeskRequest) -> HttpResponse:
    """Plan every issue that is due within the next two weeks."""
    if refused := _refused(request):
        return refused
    today = timezone.localdate()
    try:
        made = services.plan_ahead(user=request.user, until=today + AHEAD, today=today)
    except Refusal as refusal:
        return refuse(request, refusal)
    message = ngettext("%(n)d issue is planned.", "%(n)d issues are planned.", len(made))
    messages.success(request, message % {"n": len(made)})
    return redirect("admin:issues_issue_changelist")


@require_http_methods(["GET", "HEAD", "POST"])
def pages(request: DeskRequest, pk: int) -> HttpResponse:
    """Show and change the pages of an issue: names, capacity, standing columns, editors."""
    if refused := _refused(request):
        return refused
    issue = get_object_or_404(Issue, pk=pk)
    if not services.is_open_for(issue, request.user, timezone.now()):
        return redirect(_BOARD, pk)
    rows = page_rows(request.POST or None, [services.plan_of(page) for page in issue.pages.all()])
    problems: list[str] = []
    is_save = request.method == "POST" and request.POST.get("then") != "more-pages"
    if is_save and rows.is_valid():
        problems = _save_pages(request, issue, rows.plans)
        if not problems:
            messages.success(request, _("The pages are saved."))
            return redirect(_BOARD, pk)
    context = {
        **site.each_context(request),
        "title": _("Pages of No. %(number)d, %(date)s")
        % {"number": issue.number, "date": issue.date.isoformat()},
        "issue": issue,
        "rows": rows,
        "problems": problems,
        "version": request.POST.get("version", issue.version),
    }
    return render(request, "issues/pages.html", context, status=400 if is_save else 200)


def _save_pages(request: DeskRequest, issue: Issue, plans: Any) -> list[str]:
    try:
        services.set_pages(
            issue,
            plans,
            user=request.user,
            at=timezone.now(),
            version=parse_number(request.POST.get("version", ""), 0),
        )
    except Invalid as invalid:
        return list(invalid.problems)
    except Refusal as refusal:
        return [str(refusal)]
    return []


@require_http_methods(["GET", "HEAD"])
def series_list(request: DeskRequest) -> HttpResponse:
    """Show the series of issues."""
    if refused := _refused(request):
        return refused
    rows = [
        {"series": one, "days": "、".join(services.weekday_name(day) for day in one.weekdays)}
        for one in Series.objects.prefetch_related("pages")
    ]
    context = {**site.each_context(request), "title": _("Series of issues"), "rows": rows}
    return render(request, "issues/series_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def series(request: DeskRequest, pk: int | None = None) -> HttpResponse:
    """Create a series, or change the one with the id `pk`."""
    if refused := _refused(request):
        return refused
    found = get_object_or_404(Series, pk=pk) if pk else None
    known = services.pages_of(found) if found else []
    known = known or [services.PagePlan(*row) for row in services.DEFAULT_PAGES]
    form = SeriesForm(request.POST or None, series=found)
    rows = page_rows(request.POST or None, known, has_editor=False)
    is_save = request.method == "POST" and request.POST.get("then") != "more-pages"
    if is_save and form.is_valid() and rows.is_valid():
        pattern = services.SeriesPattern(**form.cleaned_data)
        made = _try(
            form, lambda: services.save_series(found, pattern, rows.plans, user=request.user)
        )
        if made is not None:
            messages.success(request, _("The series is saved."))
            return redirect("admin:issues_series_changelist")
    context = {
        **site.each_context(request),
        "title": found.name if found else _("New series"),
        "form": form,
        "rows": rows,
    }
    return render(request, "issues/series.html", context, status=400 if is_save else 200)
