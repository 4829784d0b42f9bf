"""Output that the management commands share."""

from django.conf import settings
from django.core.management.base import BaseCommand
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.services import LINK_DAYS


def print_link(command: BaseCommand, token: str) -> None:
    """Print the URL of a link, once."""
    start = settings.DESK_ADDRESS or f"http://{settings.SERVER_BIND}"
    command.stdout.write(start + reverse("accounts_link", args=[token]))
    command.stdout.write(
        _("The link works once, within %(days)d days. Do not send it to anybody else.")
        % {"days": LINK_DAYS}
    )
