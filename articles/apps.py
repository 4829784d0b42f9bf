"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ArticlesConfig(AppConfig):
    """The life of a story at the desk."""

    name = "articles"
    verbose_name = _("Articles")
