"""Admin of reference data: the paper, house words, genres, sections and towns."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from articles.models import Genre
from articles.services.lengths import recount_articles
from paper import admin as paper_admin
from paper.base_admin import RoleAdmin
from paper.models import Paper, Section, Town
from paper.permissions import CAPABILITIES, Capability
from proofing.models import HouseWord

from .retiring import RetiringAdmin


@admin.register(Paper)
class PaperAdmin(paper_admin.PaperAdmin):
    """Admin of the paper; a change of the rule for lengths counts the articles again."""

    def save_model(self, request: HttpRequest, obj: Paper, form: Any, change: bool) -> None:
        """Save the settings."""
        super().save_model(request, obj, form, change)
        if "counts_marks" in form.changed_data:
            recount_articles()


@admin.register(HouseWord)
class HouseWordAdmin(RoleAdmin):
    """Admin of house words, which the proofing checks."""

    list_display = ["word", "better", "is_blocking"]
    search_fields = ["word", "better"]


@admin.register(Genre)
class GenreAdmin(RetiringAdmin):
    """Admin of genres; one that an article uses can only be taken out of use."""

    changers = CAPABILITIES[Capability.MANAGE_GENRES]
    list_display = ["name", "order", "is_active"]
    search_fields = ["name"]


@admin.register(Section)
class SectionAdmin(RetiringAdmin, paper_admin.SectionAdmin):
    """Admin of sections; one that is used can only be taken out of use."""


@admin.register(Town)
class TownAdmin(RetiringAdmin, paper_admin.TownAdmin):
    """Admin of towns; one that is used can only be taken out of use."""
