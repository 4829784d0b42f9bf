"""Management command that verifies the records of all articles and issues."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.services.audit_verify import verify_all
from articles.services.audit_verify_story import orphan_stories
from issues.services.anchor_verify import verify_anchor
from issues.services.audit_verify import stray_editions, stray_rows, verify_issues
from notifications.models import Notification, NotificationEvent


class Command(BaseCommand):
    """Verify logs, signatures, revisions, editions, stories and the anchor file."""

    help = "Verifies the records of articles and issues; prints faults, then exits with status 1."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add --article ID (only this article) and --anchor FILE (compare with this file)."""
        parser.add_argument("--article", type=int, metavar="ID")
        parser.add_argument(
            "--anchor",
            type=Path,
            metavar="FILE",
            help="an anchor file, such as a copy from another machine (default: the paper's own)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the problems and a summary."""
        self.broken = 0
        articles, rows = self._articles(options["article"])
        if options["article"] is not None:
            if not articles:
                raise CommandError(_("There is no such article."))
            values = {"articles": articles, "rows": rows, "broken": self.broken}
            if self.broken:
                raise CommandError(
                    _("%(articles)d articles, %(rows)d rows: %(broken)d not intact.") % values
                )
            self.stdout.write(_("%(articles)d articles, %(rows)d rows: all intact.") % values)
            return
        issues = self._issues()
        self._strays()
        self._anchor(options["anchor"])
        values = {"articles": articles, "issues": issues, "rows": rows, "broken": self.broken}
        if self.broken:
            raise CommandError(
                _("%(articles)d articles, %(issues)d issues, %(rows)d rows: %(broken)d not intact.")
                % values
            )
        self.stdout.write(
            _("%(articles)d articles, %(issues)d issues, %(rows)d rows: all intact.") % values
        )

    def _say(self, sentence: str) -> None:
        self.broken += 1
        self.stdout.write(sentence)

    def _articles(self, article_id: int | None) -> tuple[int, int]:
        articles = rows = 0
        for found in verify_all(article_id):
            articles, rows = articles + 1, rows + found.rows
            if found.broken is not None:
                article, why = found.article, found.broken.why
                values = {"id": article.pk, "title": article.title, "why": why}
                self._say(_("Article %(id)d, “%(title)s”: %(why)s") % values)
        return articles, rows

    def _issues(self) -> int:
        issues = 0
        for found in verify_issues():
            issues += 1
            if found.why:
                values = {"issue": found.issue, "why": found.why}
                self._say(_("Issue %(issue)s: %(why)s") % values)
        return issues

    def _strays(self) -> None:
        for story in orphan_stories():
            values = {"id": story.pk, "title": story.title}
            self._say(_("Story %(id)d, “%(title)s”, has no article.") % values)
        for row in stray_rows():
            self._say(_("A database row belongs to nothing: %(row)s") % {"row": row})
        for edition in stray_editions():
            self._say(_("Edition %(edition)s has no issue.") % {"edition": edition})

    def _anchor(self, path: Path | None) -> None:
        """Compare with the anchor file; the paper's default file may not exist yet."""
        file = path or Path(settings.ANCHOR_FILE)
        if path is None and not file.exists():
            if Notification.objects.filter(event=NotificationEvent.ANCHOR).exists():
                self._say(_("The anchor file is missing: %(path)s") % {"path": file})
                return
            self.stdout.write(_("There is no anchor file yet: %(path)s") % {"path": file})
            return
        try:
            report = verify_anchor(file)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        for problem in report.problems:
            self._say(problem)
        for at in report.restored:
            time = timezone.localtime(at).strftime("%Y-%m-%d %H:%M")
            self.stdout.write(_("Restored from a backup at %(time)s.") % {"time": time})
        if report.last:
            values = {"n": report.lines, "digest": report.last["digest"]}
            self.stdout.write(
                _(
                    "Anchor file: %(n)d lines. Compare the last digest with the one in the "
                    "e-mail: %(digest)s"
                )
                % values
            )
