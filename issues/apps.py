"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IssuesConfig(AppConfig):
    """The newspaper issue: plan, close, sign."""

    name = "issues"
    verbose_name = _("Issues")
