"""Admin of issues: the list; the board and other screens are in `issues.urls`."""

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

from paper.base_admin import ListAdmin

from . import services
from .models import Issue, Series
from .selectors.month import month_in, month_of


class StandingFilter(admin.SimpleListFilter):
    """Filter of issues by their current standing; a past cut-off closes an issue."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the states with their labels."""
        states = [(state.value, str(state.label)) for state in Issue.State]
        return [*states, ("out", _("out"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Return the issues of the chosen state, or all."""
        name = self.value()
        known = {name for name, _label in self.lookup_choices}
        return queryset.standing(name, timezone.now()) if name in known else queryset


@admin.register(Issue)
class IssueAdmin(ListAdmin):
    """The list of issues; the other screens are in `issues.urls`."""

    change_list_template = "issues/issues.html"
    list_display = ["name", "chip", "page_count", "placed", "release"]
    list_display_links = None
    list_filter = [StandingFilter]
    ordering = ["-date", "-part"]
    list_per_page = 30

    def get_queryset(self, request: HttpRequest) -> QuerySet[Issue]:
        """Annotate issues with their numbers of pages and articles."""
        rows = super().get_queryset(request)
        return rows.annotate(
            n_pages=Count("pages", distinct=True),
            n_placed=Count("pages__placements", distinct=True),
        )

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether the user sees issues."""
        return services.sees_issues(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return whether the user plans issues."""
        return services.may_on_issues("plan", request.user)

    def get_urls(self) -> list[URLPattern]:
        """Return only the list: the other screens are in `issues.urls`."""
        view = self.admin_site.admin_view(self.changelist_view)
        return [path("", view, name="issues_issue_changelist")]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Show the list below a calendar of the month in the query string (?month=2026-11)."""
        today = timezone.localdate()
        asked = request.GET.copy()
        first = month_in("".join(asked.pop("month", [""])[-1:]), today)
        # The change list rejects unknown parameters.
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
        """Return date and number, and the name of a special issue."""
        number = _("No. %(number)d") % {"number": issue.number}
        return format_html(
            '<a class="story-link" href="{}/">{}</a><span class="second">{}</span>',
            issue.pk,
            issue.date.isoformat(),
            f"{number} · {issue.special}" if issue.special else number,
        )

    @admin.display(description=gettext_lazy("state"))
    def chip(self, issue: Issue) -> str:
        """Return the state as a chip."""
        name, label = issue.standing(timezone.now())
        return format_html('<span class="chip chip-{}">{}</span>', name, label)

    @admin.display(description=gettext_lazy("pages"))
    def page_count(self, issue: Any) -> int:
        """Return the number of pages."""
        return int(issue.n_pages)

    @admin.display(description=gettext_lazy("articles"))
    def placed(self, issue: Any) -> int:
        """Return the number of placed articles."""
        return int(issue.n_placed)

    @admin.display(description=gettext_lazy("release"))
    def release(self, issue: Issue) -> str:
        """Return the release time."""
        return timezone.localtime(issue.release_at).strftime("%m-%d %H:%M")
