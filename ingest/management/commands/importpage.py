"""Management command that imports one newspaper page."""

import datetime as dt
import json
import sys
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.exceptions import Refusal
from articles.services import ArchiveMark
from ingest import services
from ingest.page_parser.text import read
from ingest.uploads import read_upload
from paper.operators import add_operator


class Command(BaseCommand):
    """Parse the text of one page: print it as JSON, create drafts, or fill an old issue."""

    help = "Parses the text of one newspaper page and creates drafts of its stories."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add FILE, the page's text or - for standard input, and the options."""
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--json", action="store_true", help="print the stories, write nothing")
        parser.add_argument("--issue", type=_date, metavar="YYYY-MM-DD")
        parser.add_argument("--page", type=int, metavar="N")
        parser.add_argument(
            "--as-printed", action="store_true", help="import into the archive, as printed"
        )
        parser.add_argument("--page-name", default="", help="the page's name, such as 要闻")
        parser.add_argument("--number", type=int, help="number of the old issue, if it is new here")
        add_operator(parser)
        parser.add_argument("--user", help="the login that creates the drafts")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import the page. Raises CommandError with the reason of a refusal."""
        try:
            text = read_upload(_bytes(options["file"]))
            if options["json"]:
                page = read(text).as_dict()
                self.stdout.write(json.dumps(page, ensure_ascii=False, indent=1))
                return
            self._report(self._import(text, options))
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal

    def _import(self, text: str, options: dict[str, Any]) -> services.ImportReport:
        date, number = options["issue"], options["page"]
        if (date is None) != (number is None):
            raise CommandError(_("Use --issue and --page together."))
        at = timezone.now()
        stories = services.default_choice(services.read_page(text))
        if options["as_printed"]:
            if date is None:
                raise CommandError(_("--as-printed requires --issue and --page."))
            return services.import_printed(
                stories,
                date=date,
                page_number=number,
                page_name=options["page_name"],
                issue_number=options["number"],
                file="" if options["file"] == "-" else Path(options["file"]).name,
                mark=ArchiveMark(options["operator"]),
                at=at,
            )
        user = _user(options["user"])
        with transaction.atomic():
            page = services.find_page(date, number, at=at) if date else None
            return services.import_drafts(stories, user=user, at=at, page=page, is_console=True)

    def _report(self, report: services.ImportReport) -> None:
        for article in report.made:
            self.stdout.write(f"+ {article.pk} {article.title}")
        for title in report.known:
            self.stdout.write(f"= {title}")
        for note in dict.fromkeys(report.notes):
            self.stderr.write(f"! {note}")


def _date(value: str) -> dt.date:
    try:
        return dt.date.fromisoformat(value)
    except ValueError as error:
        raise ArgumentTypeError(
            _("“%(value)s” is not a valid date. Use the form 2026-01-31.") % {"value": value}
        ) from error


def _bytes(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise CommandError(f"{name}: {error.strerror}") from error


def _user(name: str | None) -> User:
    if name is None:
        return services.default_importer()
    user = User.objects.filter(username=name, is_active=True).first()
    if user is None:
        raise CommandError(_("There is no active login “%(name)s”.") % {"name": name})
    return user
