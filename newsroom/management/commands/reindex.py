"""`manage.py reindex`: write the full-text index anew."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """Write the full-text index anew, for all articles; the desk may work meanwhile."""

    help = "Write the full-text index of the desk's articles anew; the desk may work meanwhile."

    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild, and say after each batch how far it is. Raises CommandError."""
        if not settings.HAS_DESK:
            raise CommandError("This process serves readers only: run it with the desk's settings.")
        from articles.services import indexing

        number = indexing.rebuild(self._tell)
        self.stdout.write(f"{number} articles are in the index.")

    def _tell(self, done: int, of: int) -> None:
        self.stdout.write(f"{done}/{of}")
        self.stdout.flush()
