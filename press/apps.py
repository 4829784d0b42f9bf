"""App configuration."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class PressConfig(AppConfig):
    """What has been printed: the only tables that readers' pages read."""

    name = "press"
    verbose_name = _("In print")

    def ready(self) -> None:
        """After each `migrate`: watch what readers see for changes, and let it be found."""
        from . import indexing, triggers

        post_migrate.connect(triggers.install, sender=self)
        post_migrate.connect(indexing.fill, sender=self)
