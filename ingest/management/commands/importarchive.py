"""Management command that imports a folder of old issues, with page texts and images."""

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

from articles.exceptions import Refusal
from ingest.archive_import import ImportOutcome, describe, import_archive, import_images
from ingest.page_files import IssueFolder, scan_folder
from paper.operators import add_operator

_SHOWN, _WIDTH = 20, 30
_EVERY = 0.2


class Command(BaseCommand):
    """Import DIR/YYYY-MM-DD/PP.txt with PP.jpg or PP.pdf; a second run continues the first."""

    help = "Imports old issues in bulk: DIR/YYYY-MM-DD/PP.txt, with PP.jpg or PP.pdf."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add DIR, which contains a folder for each issue, and the options."""
        parser.add_argument("dir", metavar="DIR", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="parse only, write nothing")
        parser.add_argument("--no-images", action="store_true", help="do not import the images")
        parser.add_argument("--report", type=Path, help="path of the complete report")
        add_operator(parser)
        parser.add_argument(
            "--workers",
            type=int,
            choices=range(17),
            metavar="N",
            default=max(1, (os.cpu_count() or 2) - 1),
            help="number of processes that parse, besides the one that writes",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Import the issues and report what needs checking. Raises CommandError."""
        try:
            found, problems = scan_folder(options["dir"])
        except OSError as error:
            raise CommandError(f"{options['dir']}: {error.strerror}") from error
        if not found:
            raise CommandError(_("It contains no folder such as 2012-03-01."))
        at, bar = timezone.now(), _Bar(len(found), _("%(done)d of %(of)d issues"))
        try:
            outcome = import_archive(
                found,
                at=at,
                operator=options["operator"],
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
        self._report(outcome, options["report"], is_dry=options["dry_run"])

    def _images(self, found: list[IssueFolder], outcome: ImportOutcome) -> None:
        count = sum(page.image is not None for issue in found for page in issue.pages.values())
        if count:
            bar = _Bar(count, _("%(done)d of %(of)d page images"))
            import_images(found, outcome, progress=bar.show, at=timezone.now())
            bar.close(outcome)

    def _report(self, outcome: ImportOutcome, report: Path | None, *, is_dry: bool) -> None:
        template = _("Dry run, nothing written: %(issues)d issues, %(stories)d stories.")
        if not is_dry:
            template = _(
                "Imported: %(issues)d issues, %(stories)d stories, %(images)d page images; "
                "%(known)d stories had already been imported."
            )
        self.stdout.write(
            template
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
            _("To check: %(n)d, all listed in %(path)s") % {"n": len(lines), "path": path}
        )
        for line in lines[:_SHOWN]:
            self.stdout.write(f"! {line}")


class _Bar:
    """Progress bar on standard error; without a terminal, a line for every tenth."""

    def __init__(self, total: int, template: str) -> None:
        self.total, self.template = total, template
        self.began = self.last = time.monotonic()
        self.tenth = 0

    def show(self, done: int, outcome: ImportOutcome) -> None:
        """Show that `done` units are done."""
        now, tenth = time.monotonic(), done * 10 // self.total
        if sys.stderr.isatty():
            if now - self.last >= _EVERY or done == self.total:
                self.last = now
                sys.stderr.write("\r" + self._line(done, outcome))
        elif tenth > self.tenth:
            self.tenth = tenth
            sys.stderr.write(self._line(done, outcome) + "\n")
        sys.stderr.flush()

    def _line(self, done: int, outcome: ImportOutcome) -> str:
        full = _WIDTH * done // self.total
        seconds = max(0.001, time.monotonic() - self.began)
        bar = "█" * full + "·" * (_WIDTH - full)
        pace = _("%(stories)d stories, %(pace)d per second") % {
            "stories": outcome.stories,
            "pace": round(outcome.stories / seconds),
        }
        count = self.template % {"done": done, "of": self.total}
        return f"[{bar}] {count} · {pace}"

    def close(self, outcome: ImportOutcome) -> None:
        """End the line of the bar."""
        if sys.stderr.isatty():
            sys.stderr.write("\r" + self._line(self.total, outcome) + "\n")
