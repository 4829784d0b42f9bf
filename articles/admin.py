"""Articles at the desk: the list, and the addresses of the article screen."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse

import articles.phrases_admin  # noqa: F401 - registers its screen
from paper.admin_base import DeskRequest, ListAdmin
from paper.roles import roles_of

from . import (
    desk_autosave,
    desk_comments,
    desk_list,
    desk_views,
    desk_writing,
    record_views,
)
from .models import Article
from .workflow import WRITERS


@admin.register(Article)
class ArticleAdmin(ListAdmin):
    """The list of articles that a person may see; the screens are `desk_views`."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Which articles: the queryset and the screen decide."""
        return bool(roles_of(request.user))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Who writes."""
        return bool(roles_of(request.user) & WRITERS)

    def get_urls(self) -> list[URLPattern]:
        """Put our screens in the place of the stock ones."""
        wrap = self.admin_site.admin_view
        screen = desk_autosave.keeping(wrap(desk_views.article_screen))
        new = desk_autosave.keeping(wrap(desk_views.new_article))
        return [
            *desk_autosave.urls(),
            *desk_writing.urls(wrap),
            path("add/", new, name="articles_article_add"),
            path("<int:pk>/", screen),
            path("<int:pk>/change/", screen, name="articles_article_change"),
            path("<int:pk>/history/", wrap(self._history), name="articles_article_history"),
            path("<int:pk>/delete/", wrap(self._delete), name="articles_article_delete"),
            *record_views.urls(wrap),
            *desk_comments.urls(wrap),
            path("<int:pk>/<slug:name>/", wrap(desk_views.move), name="articles_article_move"),
            path(
                "<int:pk>/revisions/<int:number>/",
                wrap(desk_views.revision),
                name="articles_article_revision",
            ),
            path(
                "photos/<slug:token>/<int:version>/<str:name>",
                wrap(desk_views.photo),
                name="articles_photo",
            ),
            path(
                "<int:pk>/photos/<slug:token>/<int:version>/<str:name>",
                wrap(desk_views.photo_of_record),
                name="articles_record_photo",
            ),
            path("", wrap(desk_list.article_list), name="articles_article_changelist"),
        ]

    def _history(self, request: HttpRequest, pk: int) -> HttpResponse:
        return redirect(f"{reverse('admin:articles_article_change', args=[pk])}#record")

    def _delete(self, request: DeskRequest, pk: int) -> HttpResponse:
        return desk_views.move(request, pk, "delete")
