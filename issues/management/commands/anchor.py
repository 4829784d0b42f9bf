"""Management command that appends a line to the anchor file."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from issues.services.anchor import BrokenAnchor, write_anchor
from paper.operators import add_operator


class Command(BaseCommand):
    """Anchor the heads of all sealed logs now; the web server does this daily."""

    help = "Appends a line to the anchor file of the signatures, and mails its digest."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add --restore: the database was restored from a backup, so start from its content."""
        parser.add_argument(
            "--restore", action="store_true", help="the database was restored from a backup"
        )
        add_operator(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Append a line and print its digest. Raises CommandError."""
        kind = "restore" if options["restore"] else "daily"
        try:
            anchor = write_anchor(kind, at=timezone.now(), by=options["operator"])
        except (OSError, BrokenAnchor) as error:
            why = getattr(error, "strerror", None) or str(error)
            raise CommandError(f"{settings.ANCHOR_FILE}: {why}") from error
        self.stdout.write(_("Anchored: %(digest)s") % {"digest": anchor.digest})
