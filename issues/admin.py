"""Issues at the desk: the list, and the addresses of the board."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from paper.admin_base import ListAdmin

from . import desk_views, handoff_views, hours_views, plan_views, services, sheet_views
from .models import Issue, Series
from .month import month_in, month_of


class StandingFilter(admin.SimpleListFilter):
    """Issues by where they are now: past its cut-off an issue is closed, without a worker."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the states by name and words."""
        states = [(state.value, str(state.label)) for state in Issue.State]
        return [*states, ("out", _("out"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Return the issues of the chosen state, all where none is chosen."""
        name = self.value()
        known = {name for name, _words in self.lookup_choices}
        return queryset.standing(name, timezone.now()) if name in known else queryset


@admin.register(Issue)
class IssueAdmin(ListAdmin):
    """The list of issues; the screens are `desk_views`."""

    change_list_template = "issues/issues.html"
    list_display = ["name", "chip", "page_count", "placed", "release"]
    list_display_links = None
    list_filter = [StandingFilter]
    ordering = ["-date", "-part"]
    list_per_page = 30

    def get_queryset(self, request: HttpRequest) -> QuerySet[Issue]:
        """Count pages and articles with the issues."""
        rows = super().get_queryset(request)
        return rows.annotate(
            n_pages=Count("pages", distinct=True),
            n_placed=Count("pages__placements", distinct=True),
        )

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who sees issues."""
        return services.sees_issues(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Who plans."""
        return services.may_on_issues("plan", request.user)

    def get_urls(self) -> list[URLPattern]:
        """Put the board in the place of the stock screens."""
        wrap = self.admin_site.admin_view
        return [
            path("", wrap(self.changelist_view), name="issues_issue_changelist"),
            path("add/", wrap(plan_views.plan), name="issues_issue_add"),
            path("ahead/", wrap(plan_views.plan_ahead), name="issues_plan_ahead"),
            path("series/", wrap(plan_views.series_list), name="issues_series_changelist"),
            path("series/add/", wrap(plan_views.series), name="issues_series_add"),
            path("series/<int:pk>/", wrap(plan_views.series), name="issues_series_change"),
            path("timetable/", wrap(hours_views.day), name="issues_timetable"),
            path("<int:pk>/hours/", wrap(hours_views.hours), name="issues_issue_hours"),
            path("<int:pk>/", wrap(desk_views.board), name="issues_issue_change"),
            path("<int:pk>/mark/", wrap(desk_views.mark), name="issues_issue_mark"),
            path("<int:pk>/pages/", wrap(plan_views.pages), name="issues_issue_pages"),
            path("<int:pk>/paper.pdf", wrap(sheet_views.archive_pdf), name="issues_pdf"),
            path("<int:pk>/handoff/", wrap(handoff_views.screen), name="issues_handoff"),
            path("<int:pk>/sheets/<int:number>/", wrap(sheet_views.sheet), name="issues_sheet"),
            path(
                "<int:pk>/sheets/<int:number>/w<int:width>.webp",
                wrap(sheet_views.picture),
                name="issues_sheet_picture",
            ),
            path("<int:pk>/<slug:action>/", wrap(desk_views.act), name="issues_issue_act"),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Show the list below a calendar of the month that the address names (?month=2026-11)."""
        today = timezone.localdate()
        asked = request.GET.copy()
        first = month_in("".join(asked.pop("month", [""])[-1:]), today)
        # The list refuses what it does not filter by.
        request.GET = asked  # type: ignore[assignment]
        shown = {
            "month": month_of(first, today),
            "may_plan": services.may_on_issues("plan", request.user),
            "has_series": Series.objects.exists(),
            **(extra_context or {}),
        }
        return super().changelist_view(request, shown)

    @admin.display(description=gettext_lazy("issue"))
    def name(self, issue: Issue) -> str:
        """Show date and number, and the name of a special issue."""
        number = _("No. %(number)d") % {"number": issue.number}
        return format_html(
            '<a class="story-link" href="{}/">{}</a><span class="second">{}</span>',
            issue.pk,
            issue.date.isoformat(),
            f"{number} · {issue.special}" if issue.special else number,
        )

    @admin.display(description=gettext_lazy("state"))
    def chip(self, issue: Issue) -> str:
        """Show the state as a chip."""
        name, label = issue.standing(timezone.now())
        return format_html('<span class="chip chip-{}">{}</span>', name, label)

    @admin.display(description=gettext_lazy("pages"))
    def page_count(self, issue: Any) -> int:
        """Show how many pages it has."""
        return int(issue.n_pages)

    @admin.display(description=gettext_lazy("articles"))
    def placed(self, issue: Any) -> int:
        """Show how many articles are placed."""
        return int(issue.n_placed)

    @admin.display(description=gettext_lazy("release"))
    def release(self, issue: Issue) -> str:
        """Show the hour of release."""
        return timezone.localtime(issue.release_at).strftime("%m-%d %H:%M")
