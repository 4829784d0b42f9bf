"""App configuration."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class PressConfig(AppConfig):
    """Published stories and editions: the only tables that public pages read."""

    name = "press"
    verbose_name = _("Published")

    def ready(self) -> None:
        """Install the triggers and fill the search index after each `migrate`."""
        from . import search_index, triggers

        post_migrate.connect(triggers.install, sender=self)
        post_migrate.connect(search_index.fill, sender=self)
