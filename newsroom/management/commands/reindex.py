"""`manage.py reindex`: write the full-text indexes anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from press import indexing as press


class Command(BaseCommand):
    """Write the full-text indexes anew, of the desk's articles and of all stories in print."""

    help = "Write the full-text indexes anew, of articles and of stories; all may work meanwhile."

    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild, and say after each batch how far it is. Raises CommandError."""
        if not settings.HAS_DESK:
            raise CommandError("This process serves readers only: run it with the desk's settings.")
        from articles.services import indexing as desk

        self._rebuild("articles", desk.rebuild)
        self._rebuild("stories", press.rebuild)

    def _rebuild(self, what: str, rebuild: Callable[[Callable[[int, int], object]], int]) -> None:
        number = rebuild(lambda done, of: self._tell(f"{what}: {done}/{of}"))
        self.stdout.write(f"{number} {what} are in the index.")

    def _tell(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()
