"""Bring in the whole old paper: a folder of issues with the texts and pictures of their pages."""

from __future__ import annotations

import os
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.errors import Refusal
from ingest.old_paper import Outcome, bring_in, bring_in_images, describe
from ingest.page_files import FoundIssue, scan

_SHOWN, _WIDTH = 20, 30
_EVERY = 0.2


class Command(BaseCommand):
    """Bring in DIR/YYYY-MM-DD/PP.txt with PP.jpg or PP.pdf; begun again, it goes on."""

    help = "Brings in old issues in bulk: DIR/YYYY-MM-DD/PP.txt, with PP.jpg or PP.pdf."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """DIR holds a folder for each issue."""
        parser.add_argument("dir", metavar="DIR", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="read all, write nothing")
        parser.add_argument("--no-images", action="store_true", help="leave the pictures out")
        parser.add_argument("--report", type=Path, help="where the whole report goes")
        parser.add_argument(
            "--workers",
            type=int,
            choices=range(17),
            metavar="N",
            default=max(1, (os.cpu_count() or 2) - 1),
            help="processes that read beside the one that writes (0: none)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say what needs an eye. Raises CommandError."""
        try:
            found, problems = scan(options["dir"])
        except OSError as error:
            raise CommandError(f"{options['dir']}: {error.strerror}") from error
        if not found:
            raise CommandError(_("There is no folder such as 2012-03-01 in it."))
        at, bar = timezone.now(), _Bar(len(found), _("%(done)d of %(of)d issues"))
        try:
            outcome = bring_in(
                found,
                at=at,
                progress=bar.show,
                workers=options["workers"],
                is_dry=options["dry_run"],
            )
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        bar.close(outcome)
        outcome.problems[:0] = problems
        if not options["dry_run"] and not options["no_images"]:
            self._images(found, outcome)
        self._say(outcome, options["report"], is_dry=options["dry_run"])

    def _images(self, found: list[FoundIssue], outcome: Outcome) -> None:
        count = sum(page.image is not None for issue in found for page in issue.pages.values())
        if count:
            bar = _Bar(count, _("%(done)d of %(of)d pictures"))
            bring_in_images(found, outcome, progress=bar.show, at=timezone.now())
            bar.close(outcome)

    def _say(self, outcome: Outcome, report: Path | None, *, is_dry: bool) -> None:
        words = _("Read, nothing written: %(issues)d issues, %(stories)d stories.")
        if not is_dry:
            words = _(
                "Brought in: %(issues)d issues, %(stories)d stories, %(images)d pictures;"
                " %(known)d stories were there already."
            )
        self.stdout.write(
            words
            % {
                "issues": outcome.issues,
                "stories": outcome.stories,
                "images": outcome.images,
                "known": outcome.known,
            }
        )
        lines = [describe(problem) for problem in outcome.problems]
        if not lines:
            return
        path = report or Path(f"importarchive-{timezone.localtime():%Y%m%d-%H%M%S}.txt")
        try:
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        self.stdout.write(
            _("To be looked at: %(n)d, all in %(path)s") % {"n": len(lines), "path": path}
        )
        for line in lines[:_SHOWN]:
            self.stdout.write(f"! {line}")


class _Bar:
    """A bar of progress on standard error; where that is no terminal, a line every tenth."""

    def __init__(self, total: int, words: str) -> None:
        self.total, self.words = total, words
        self.began = self.last = time.monotonic()
        self.tenth = 0

    def show(self, done: int, outcome: Outcome) -> None:
        """Tell how far it is."""
        now, tenth = time.monotonic(), done * 10 // self.total
        if sys.stderr.isatty():
            if now - self.last >= _EVERY or done == self.total:
                self.last = now
                sys.stderr.write("\r" + self._line(done, outcome))
        elif tenth > self.tenth:
            self.tenth = tenth
            sys.stderr.write(self._line(done, outcome) + "\n")
        sys.stderr.flush()

    def _line(self, done: int, outcome: Outcome) -> str:
        full = _WIDTH * done // self.total
        seconds = max(0.001, time.monotonic() - self.began)
        bar = "█" * full + "·" * (_WIDTH - full)
        pace = _("%(stories)d stories, %(pace)d a second") % {
            "stories": outcome.stories,
            "pace": round(outcome.stories / seconds),
        }
        far = self.words % {"done": done, "of": self.total}
        return f"[{bar}] {far} · {pace}"

    def close(self, outcome: Outcome) -> None:
        """End the line of the bar."""
        if sys.stderr.isatty():
            sys.stderr.write("\r" + self._line(self.total, outcome) + "\n")
