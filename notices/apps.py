"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    """What people are told, in the desk and by e-mail."""

    name = "notices"
    verbose_name = _("Notices")
