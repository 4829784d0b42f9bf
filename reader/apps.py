"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReaderConfig(AppConfig):
    """Public pages."""

    name = "reader"
    verbose_name = _("Reader")
