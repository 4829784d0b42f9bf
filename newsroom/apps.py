"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsroomConfig(AppConfig):
    """Wires the apps together; holds the checks of the settings and the demo paper."""

    name = "newsroom"
    verbose_name = _("Newsroom")

    def ready(self) -> None:
        """Register the system checks."""
        from . import checks

        assert checks
