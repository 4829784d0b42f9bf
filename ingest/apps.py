"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IngestConfig(AppConfig):
    """Page text to drafts."""

    name = "ingest"
    verbose_name = _("Reading pages")
