"""Django's `migrate` that also prepares the data folder and refuses a version 0.1 database."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import migrate
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from newsroom import data_folder, old_database

_ADVICE = gettext_noop(
    "Continue to use version 0.1 for it, or give this version an empty database: another "
    "NEWSROOM_DATA_DIR or DATABASE_URL."
)
_ADVICE_DEMO = gettext_noop(
    "It is a demo: “./run migrate --put-old-demo-aside” renames its folder and deletes "
    "nothing; then “make run” creates a new one."
)


class Command(migrate.Command):
    """Create or upgrade the tables."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --put-old-demo-aside to Django's arguments."""
        super().add_arguments(parser)
        parser.add_argument(
            "--put-old-demo-aside",
            action="store_true",
            help="rename the data folder of a demo of version 0.1, and create a new one",
        )

    def execute(self, *args: Any, **options: Any) -> Any:
        """Prepare the data folder before the system checks open the database."""
        data_folder.prepare()
        return super().execute(*args, **options)

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate. Raises CommandError for a database of 0.1 whose folder was not renamed."""
        may_put_aside = options.pop("put_old_demo_aside", False)
        applied = old_database.applied_migrations(options["database"])
        if old_database.is_from_0_1(applied, old_database.released_migrations()):
            self._put_aside(may_put_aside, may_ask=options["interactive"])
            data_folder.prepare()
        super().handle(*args, **options)

    def _put_aside(self, is_agreed: bool, *, may_ask: bool) -> None:
        """Rename the folder of an old demo if the user agrees. Raises CommandError."""
        if not data_folder.can_be_put_aside():
            raise CommandError(old_database.refusal(_ADVICE))
        target = data_folder.name_aside(timezone.localdate())
        if not (is_agreed or (may_ask and sys.stdin.isatty() and self._agrees(target))):
            raise CommandError(old_database.refusal(_ADVICE_DEMO))
        try:
            data_folder.put_aside(target)
        except OSError as error:
            raise CommandError(_("The folder was not renamed: %s") % error) from error
        self.stderr.write(_("The old demo is now in %s.") % target)

    def _agrees(self, target: Path) -> bool:
        """Ask the user on the terminal whether to rename the old demo to `target`."""
        self.stderr.write(old_database.refusal())
        names = {"folder": settings.DATA_DIR, "target": target}
        question = _("Rename the old demo %(folder)s to %(target)s and create a new one? [y/N]")
        return input(f"{question % names} ").strip().lower() in {"y", "yes", "是"}
