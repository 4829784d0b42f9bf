"""Application configuration of issues."""

import datetime as dt

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IssuesConfig(AppConfig):
    """Issues of the newspaper: plan, close and sign them."""

    name = "issues"
    verbose_name = _("Issues")

    def ready(self) -> None:
        """Register the plan of issues for articles, and the periodic tasks."""
        from articles import issue_plan

        from .article_plan import ArticlePlan

        issue_plan.register(ArticlePlan())
        _register_tasks()


def _register_tasks() -> None:
    from outbox.registry import PeriodicTask, register_task

    from .services.anchor import anchor_daily
    from .services.cutoff_notice import notify_cutoffs

    register_task(PeriodicTask("cutoff_notices", notify_cutoffs, dt.timedelta(minutes=1)))
    register_task(PeriodicTask("daily_anchor", anchor_daily, dt.timedelta(minutes=10)))
