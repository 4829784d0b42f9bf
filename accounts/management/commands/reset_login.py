"""Management command that restores access to a login, such as the last administrator's."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import services
from accounts.management.printing import print_link


class Command(BaseCommand):
    """Print a link by which a user chooses a new password.

    `reset_login NAME [--factor]`; --factor also removes the second factor, for a lost phone.
    """

    help = "Prints a link for a new password; --factor also removes two-step verification."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add NAME and --factor."""
        parser.add_argument("username", metavar="NAME")
        parser.add_argument("--factor", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Create the link and print it."""
        user = User.objects.filter(username__iexact=options["username"]).first()
        if user is None:
            raise CommandError(_("There is no login “%(username)s”.") % options)
        at = timezone.now()
        try:
            token = services.new_link(user, by=None, at=at)
            if options["factor"]:
                services.remove_factor(user, by=None, at=at)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        print_link(self, token)
