"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PaperConfig(AppConfig):
    """The paper itself: name, masthead, sections, towns."""

    name = "paper"
    verbose_name = _("The paper")
