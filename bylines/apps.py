"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BylinesConfig(AppConfig):
    """People who write and photograph, and the grammar of credit lines."""

    name = "bylines"
    verbose_name = _("Contributors")
