"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    """Full-text indexes of bigrams: FTS5 on SQLite, tsvector on PostgreSQL."""

    name = "search"
    verbose_name = _("Search")
