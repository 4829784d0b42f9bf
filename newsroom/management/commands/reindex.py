"""Management command that rebuilds the full-text indexes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from press import search_index as press


class Command(BaseCommand):
    """Rebuild the full-text indexes of the desk's articles and of all published stories."""

    help = "Rebuild the full-text indexes of articles and stories, while the paper is in use."

    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild the indexes and print the progress after each batch. Raises CommandError."""
        if not settings.HAS_DESK:
            raise CommandError("This process serves readers only: run it with the desk's settings.")
        from articles.services import search_index as desk

        self._rebuild("articles", desk.rebuild_index)
        self._rebuild("stories", press.rebuild)

    def _rebuild(self, what: str, rebuild: Callable[[Callable[[int, int], object]], int]) -> None:
        number = rebuild(lambda done, of: self._report(f"{what}: {done}/{of}"))
        self.stdout.write(f"{number} {what} are in the index.")

    def _report(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
