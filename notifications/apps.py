"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    """Notifications of users, at the desk and by e-mail."""

    name = "notifications"
    verbose_name = _("Notifications")

    def ready(self) -> None:
        """Register the jobs that send a notification by e-mail."""
        from outbox.registry import JobKind, register_kind

        from . import mail_worker

        register_kind(JobKind(mail_worker.KIND, mail_worker.mail_notification))
