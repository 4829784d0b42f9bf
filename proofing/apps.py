"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProofingConfig(AppConfig):
    """Copy checks and the house word list."""

    name = "proofing"
    verbose_name = _("Proofing")
