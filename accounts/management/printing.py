"""What the commands print."""

from django.conf import settings
from django.core.management.base import BaseCommand
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.services import LINK_DAYS


def print_link(command: BaseCommand, token: str) -> None:
    """Print the address of a link, this once."""
    start = settings.DESK_ADDRESS or f"http://{settings.SERVER_BIND}"
    command.stdout.write(start + reverse("accounts_link", args=[token]))
    command.stdout.write(
        _("The link works once, for %(days)d days. Send it to nobody else.") % {"days": LINK_DAYS}
    )
