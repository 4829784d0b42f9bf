"""App configuration."""

import datetime as dt

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    """Pending jobs and periodic tasks, run by one elected thread."""

    name = "outbox"
    verbose_name = _("Outbox")

    def ready(self) -> None:
        """Register the system check and the task that removes old jobs."""
        from . import checks, services
        from .registry import PeriodicTask, register_task

        assert checks
        register_task(PeriodicTask("outbox_cleanup", services.remove_old, dt.timedelta(hours=1)))
