"""Management command that builds the demo paper."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from newsroom.demo import build, people


class Command(BaseCommand):
    """Fill an empty database with an invented county's paper and print its logins."""

    help = "Fills an empty database with an invented paper (only with NEWSROOM_DEMO=1)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add --if-empty, which leaves a filled database unchanged."""
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing if there is a paper already"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Build the demo and print its logins."""
        if not settings.DEMO:
            raise CommandError(
                _(
                    "The demo has public passwords. Run it only with NEWSROOM_DEMO=1, on one "
                    "machine."
                )
            )
        with override(settings.LANGUAGE_CODE):
            if build.is_empty():
                self.stdout.write(_("Creating the demo paper …"))
                with transaction.atomic():
                    build.build(timezone.now())
            elif not options["if_empty"]:
                raise CommandError(_("This database already contains a paper. Nothing was done."))
            self._print_logins()

    def _print_logins(self) -> None:
        self.stdout.write("")
        for login in people.LOGINS:
            role = str(login.role.label)
            self.stdout.write(f"  {login.username:<15} {people.PASSWORD}   {role}  {login.name}")
