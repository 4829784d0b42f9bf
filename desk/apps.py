"""App configuration."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    """Staff views that span apps: dashboard, navigation, review queue."""

    name = "desk"
    verbose_name = _("Desk")


class DeskAdminConfig(AdminConfig):
    """Django's admin with `DeskSite` as the default site."""

    default_site = "desk.site.DeskSite"
