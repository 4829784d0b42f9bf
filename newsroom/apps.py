"""App configuration."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.utils.translation import gettext_lazy as _


class NewsroomConfig(AppConfig):
    """Wires the apps together; holds the checks of the settings and the demo paper."""

    name = "newsroom"
    verbose_name = _("Newsroom")

    def ready(self) -> None:
        """Register the system checks, and what each new connection is told."""
        from . import checks, sqlite

        assert checks
        connection_created.connect(sqlite.allow_long_statements)
