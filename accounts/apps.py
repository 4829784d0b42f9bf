"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Logins: invitations, passwords, second factor, sessions."""

    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        """Connect the signal receivers, and register the jobs that send e-mails."""
        from . import emails, signals

        assert signals
        emails.register_jobs()
