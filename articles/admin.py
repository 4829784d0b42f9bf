"""Admin classes of articles: the article list and the reason phrases.

The article screens are in `articles.urls`; reason phrases use the stock admin screens.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern

from paper.base_admin import ListAdmin, RoleAdmin
from paper.permissions import CAPABILITIES, Capability, may, roles_of

from .models import Article, ReasonPhrase


@admin.register(Article)
class ArticleAdmin(ListAdmin):
    """The list of the articles that a user may see; the screens are in `articles.urls`."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether the user has a role; the queryset decides which articles they see."""
        return bool(roles_of(request.user))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return whether the user's roles allow writing articles."""
        return may(request.user, Capability.WRITE_ARTICLES)

    def get_urls(self) -> list[URLPattern]:
        """Return none: every screen is in `articles.urls`."""
        return []


@admin.register(ReasonPhrase)
class ReasonPhraseAdmin(RoleAdmin):
    """Reason phrases, listed by the transition that they belong to."""

    changers = CAPABILITIES[Capability.MANAGE_RETURN_REASONS]
    list_display = ["text", "transition", "order"]
    list_filter = ["transition"]
    search_fields = ["text"]
