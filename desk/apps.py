"""App configuration."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    """Staff screens that span apps: the start page, the shell around every screen."""

    name = "desk"
    verbose_name = _("Desk")


class DeskAdminConfig(AdminConfig):
    """Django's admin with our site in its place."""

    default_site = "desk.site.DeskSite"
