"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IngestConfig(AppConfig):
    """Import of pages, documents and archives as drafts or printed issues."""

    name = "ingest"
    verbose_name = _("Page import")
