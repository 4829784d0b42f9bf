"""Admin site of the desk, organised by work instead of by models."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from allauth.decorators import rate_limit
from django.contrib.admin import AdminSite, ModelAdmin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, include, path
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.middleware import record_use
from accounts.views import account as account_views
from paper.permissions import Capability, may, roles_of
from paper.querysets import get_paper

from . import badge_counts, dashboard, navigation

#: Modules of other packages, whose admin classes do not check our roles.
_FOREIGN = ("django.contrib.auth.", "taggit.", "allauth.")


class DeskSite(AdminSite):
    """Admin site with the desk's layout, roles and dashboard."""

    enable_nav_sidebar = False
    index_template = "desk/dashboard.html"
    empty_value_display = ""

    def register(
        self,
        model_or_iterable: type[Model] | Iterable[type[Model]],
        admin_class: type[ModelAdmin[Any]] | None = None,
        **options: Any,
    ) -> None:
        """Register our own admin classes; ignore those of other packages."""
        if admin_class is None or not admin_class.__module__.startswith(_FOREIGN):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Return whether the user has a role at the paper."""
        return bool(roles_of(request.user))

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the login view of the accounts app."""
        response: HttpResponse = account_views.login(request)
        return response

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Change the user's own password; attempts with the old one are rate limited.

        The user's other sessions end, and this one gets a new key.
        """
        key = request.session.session_key
        limited = rate_limit(action="change_password")(super().password_change)
        response: TemplateResponse = limited(request, extra_context)
        if request.session.session_key != key:
            record_use(request)
        return response

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Add the paper and the navigation to the context of every view."""
        paper = getattr(request, "paper", None) or get_paper()
        context = super().each_context(request) | {
            "paper": paper,
            "site_header": paper.name,
            "site_title": paper.name,
            "site_url": "/" if navigation.has_public_site() else "",
        }
        if self.has_permission(request):
            context["counts"] = badge_counts.counts_of(request)
            context["unread_notifications"] = context["counts"]["notifications"]
            context["navigation"] = navigation.navigation(request, context["counts"])
            context["may_see_issue"] = may(request.user, Capability.SEE_ISSUES)
        return context

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Return the URLs of `desk.urls` before those of the admin."""
        return [path("", include("desk.urls")), *super().get_urls()]

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Show the user's dashboard: pending items and their own work."""
        common = self.each_context(request)
        context = {
            **common,
            "title": _("Dashboard"),
            **dashboard.dashboard_context(request.user, timezone.now(), common["paper"]),
            **(extra_context or {}),
        }
        return TemplateResponse(request, self.index_template or "", context)

    def app_index(
        self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Show the dashboard: the desk is not organised by app."""
        return self.index(request, extra_context)
