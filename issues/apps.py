"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IssuesConfig(AppConfig):
    """The newspaper issue: plan, close, sign."""

    name = "issues"
    verbose_name = _("Issues")

    def ready(self) -> None:
        """Hear of the moves of articles."""
        from articles.signals import article_moved

        from .receivers import on_article_moved

        article_moved.connect(on_article_moved, dispatch_uid="issues.plan")
