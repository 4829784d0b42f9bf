"""Management command that backs up the whole paper to one file, while it is in use."""

import sqlite3
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom import backup
from newsroom.media_files import FILES_FAIL
from paper.outages import Outage, outage_of

#: Exceptions that the disk, the storage or the database may raise.
_FAULTS: tuple[type[Exception], ...] = (*FILES_FAIL, Error, sqlite3.Error)


class Command(BaseCommand):
    """Write database and photos to one .tar.gz file; docs/operations.md says how to restore."""

    help = "Writes the whole paper, database and photos, to one file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add FILE or FOLDER; by default a name with the time in the data folder's backups."""
        parser.add_argument("file", nargs="?", metavar="FILE", type=Path)
        parser.add_argument(
            "--allow-missing",
            action="store_true",
            help="back up although photo files are missing; the archive lists them in MISSING.txt",
        )
        parser.add_argument(
            "--overwrite", action="store_true", help="replace FILE if it exists already"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the backup and print its path, its size and what it lacks."""
        target = _target(options["file"])
        if options["file"] is not None and not target.parent.is_dir():
            raise CommandError(_no_backup(_no_folder(target.parent)))
        how = {name: options[name] for name in ("allow_missing", "overwrite")}
        try:
            result = backup.write(target, **how)
        except backup.BackupFailed as error:
            raise CommandError(_no_backup(error)) from error
        except _FAULTS as error:
            raise CommandError(_no_backup(_fault_message(error, target.parent))) from error
        values = {
            "file": result.path,
            "size": f"{result.size / 1024 / 1024:.1f}",
            "n": result.files,
        }
        self.stdout.write(_("Backed up: %(file)s (%(size)s MB; database, %(n)d files)") % values)
        if result.missing:
            lacks = {"n": len(result.missing), "first": result.missing[0].name}
            message = _(
                "%(n)d files are missing from it, such as %(first)s; MISSING.txt in the "
                "backup lists them."
            )
            self.stderr.write(message % lacks)


def _target(file: Path | None) -> Path:
    """Return the path to write to; a folder, such as a mounted disk, gets a file named by time."""
    stamp = timezone.localtime().strftime("%Y%m%d-%H%M%S")
    name = f"newsroom-{stamp}.tar.gz"
    if file is None:
        return Path(settings.DATA_DIR) / "backups" / name
    return file / name if file.is_dir() else file


def _no_backup(why: object) -> str:
    return _("The backup failed: %(error)s") % {"error": why}


def _no_folder(folder: Path) -> str:
    """Return why a missing folder is not created: the backup would land on another disk."""
    message = _(
        "the folder %(folder)s does not exist. Is its disk mounted? If it is, create the "
        "folder first."
    )
    return message % {"folder": folder}


def _fault_message(error: Exception, folder: Path) -> str:
    """Return a message on how to remedy an error of the disk or the database."""
    where = {"folder": folder, "error": error}
    outage = outage_of(error)
    if outage == Outage.FULL:
        return (
            _("the disk of %(folder)s is full. Free some space, or choose another folder.") % where
        )
    if outage == Outage.UNWRITABLE:
        message = _(
            "%(error)s. This user cannot write to %(folder)s, or cannot read the photos. Run "
            "the command as the user that runs the system, or choose another folder."
        )
        return message % where
    return str(error)
