"""App configuration."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.utils.translation import gettext_lazy as _


class NewsroomConfig(AppConfig):
    """Project package as an app: system checks of the settings, and the demo paper."""

    name = "newsroom"
    verbose_name = _("Newsroom")

    def ready(self) -> None:
        """Register the system checks and the set-up of each new SQLite connection."""
        from . import checks, sqlite

        assert checks
        connection_created.connect(sqlite.allow_long_statements)
