"""The desk: Django's admin site, ordered by the work instead of by the models."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from allauth.decorators import rate_limit
from django.contrib.admin import AdminSite, ModelAdmin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import views as account_views
from accounts.middleware import note_use
from articles import library_views
from ingest import desk_views
from notices import desk_views as notice_views
from paper.querysets import the_paper
from paper.roles import roles_of

from . import bulk, counts, front_views, navigation, queue, start

#: Screens that other packages bring know nothing of our roles.
_FOREIGN = ("django.contrib.auth.", "taggit.", "allauth.")


class DeskSite(AdminSite):
    """One shell around every screen behind the login."""

    enable_nav_sidebar = False
    index_template = "desk/start.html"
    empty_value_display = ""

    def register(
        self,
        model_or_iterable: type[Model] | Iterable[type[Model]],
        admin_class: type[ModelAdmin[Any]] | None = None,
        **options: Any,
    ) -> None:
        """Register our own screens; leave out those of other packages."""
        if admin_class is None or not admin_class.__module__.startswith(_FOREIGN):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Tell whether the person has a role at the paper."""
        return bool(roles_of(request.user))

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the login of the accounts."""
        response: HttpResponse = account_views.login(request)
        return response

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Change one's own password; guesses of the old one are limited.

        The person's other sessions end, this one gets a new key.
        """
        key = request.session.session_key
        limited = rate_limit(action="change_password")(super().password_change)
        response: TemplateResponse = limited(request, extra_context)
        if request.session.session_key != key:
            note_use(request)
        return response

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Add the paper and the navigation to what every screen gets."""
        paper = the_paper()
        context = super().each_context(request) | {
            "paper": paper,
            "site_header": paper.name,
            "site_title": paper.name,
            "site_url": "/" if navigation.has_reader() else "",
        }
        if self.has_permission(request):
            context["counts"] = counts.counts_of(request)
            context["unread_notices"] = context["counts"]["notices"]
            context["navigation"] = navigation.navigation(request, context["counts"])
            context["may_see_issue"] = bool(roles_of(request.user) & navigation.PLANNERS)
        return context

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Add the screens that belong to no model."""
        return [
            path("paste/", self.admin_view(desk_views.paste), name="paste"),
            path("counts/", self.admin_view(counts.counts_json), name="counts"),
            *self._notice_urls(),
            *self._reading_urls(),
            *library_views.urls(self.admin_view),
            *front_views.urls(self.admin_view),
            *super().get_urls(),
        ]

    def _notice_urls(self) -> list[URLPattern | URLResolver]:
        view = self.admin_view
        return [
            path("notices/", view(notice_views.notice_list), name="notices"),
            path("notices/read/", view(notice_views.read), name="notices_read"),
            path("notices/choices/", view(notice_views.choices), name="notice_choices"),
            path("notices/<int:pk>/", view(notice_views.open_notice), name="notice_open"),
        ]

    def _reading_urls(self) -> list[URLPattern | URLResolver]:
        view = self.admin_view
        return [
            path("queue/", view(queue.queue_page), name="queue"),
            path("queue/<int:pk>/<slug:name>/", view(queue.move), name="queue_move"),
            path("queue/bulk/", view(bulk.bulk), name="bulk"),
        ]

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Show the person's start page: what waits for him, and his own work."""
        shell = self.each_context(request)
        context = {
            **shell,
            "title": _("Start"),
            **start.context(request.user, timezone.now(), shell["paper"]),
            **(extra_context or {}),
        }
        return TemplateResponse(request, self.index_template or "", context)

    def app_index(
        self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Show the start page: our screens are not ordered by app."""
        return self.index(request, extra_context)
