"""Application configuration of articles."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ArticlesConfig(AppConfig):
    """The articles of the desk, from first draft to archive."""

    name = "articles"
    verbose_name = _("Articles")
