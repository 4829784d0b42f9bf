"""The whole paper in one file, while it is in use."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom import backup


class Command(BaseCommand):
    """Write database and photos to one .tar.gz file; docs/operations.md says how to restore."""

    help = "Writes the whole paper, database and photos, to one file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """FILE, or a name with the time in the data folder's backups."""
        parser.add_argument("file", nargs="?", metavar="FILE", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it and say where and how large."""
        stamp = timezone.localtime().strftime("%Y%m%d-%H%M%S")
        name = f"newsroom-{stamp}.tar.gz"
        target: Path = options["file"] or Path(settings.DATA_DIR) / "backups" / name
        try:
            size = backup.write(target)
        except (backup.BackupFailed, OSError) as error:
            raise CommandError(_("No backup was made: %(error)s") % {"error": error}) from error
        words = {"file": target, "size": f"{size / 1024 / 1024:.1f}"}
        self.stdout.write(_("Backed up: %(file)s (%(size)s MB)") % words)
