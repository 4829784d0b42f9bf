"""Mail what is due, for a server whose processes shall not do it themselves."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import ngettext

from notices import postman


class Command(BaseCommand):
    """Send the letters that are due now and say how many went out.

    The web server sends them by itself; this is for a look by hand and for tests of the mail
    server.
    """

    help = "Mails the notices that are due."

    def handle(self, *args: Any, **options: Any) -> None:
        """Send and report."""
        n = postman.deliver(timezone.now())
        self.stdout.write(
            ngettext("%(n)d letter went out.", "%(n)d letters went out.", n) % {"n": n}
        )
