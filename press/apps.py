"""App configuration."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class PressConfig(AppConfig):
    """What has been printed: the only tables that readers' pages read."""

    name = "press"
    verbose_name = _("In print")

    def ready(self) -> None:
        """Watch what readers see for changes."""
        from . import triggers

        post_migrate.connect(triggers.install, sender=self)
