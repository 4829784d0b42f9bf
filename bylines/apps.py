"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BylinesConfig(AppConfig):
    """Contributors, and the parser of credit lines."""

    name = "bylines"
    verbose_name = _("Contributors")
