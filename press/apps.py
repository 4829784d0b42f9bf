"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PressConfig(AppConfig):
    """What has been printed: the only tables that readers' pages read."""

    name = "press"
    verbose_name = _("In print")
