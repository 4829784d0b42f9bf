"""The command that looks whether the record of every article is sound."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from articles.services.verify import verify_all
from articles.services.verify_print import strays


class Command(BaseCommand):
    """Check the chain of each article's log, its signatures and its revisions."""

    help = "Prints the first break in each article's record; exit status 1 where there is one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--article ID: this one alone."""
        parser.add_argument("--article", type=int, metavar="ID")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the breaks as they are found, and the sum."""
        articles = rows = broken = 0
        for found in verify_all(options["article"]):
            articles, rows = articles + 1, rows + found.rows
            if found.broken is not None:
                broken += 1
                article, why = found.article, found.broken.why
                words = {"id": article.pk, "title": article.title, "why": why}
                self.stdout.write(_("Article %(id)d, “%(title)s”: %(why)s") % words)
        stray = strays() if options["article"] is None else []
        for story in stray:
            told = {"id": story.pk, "title": story.title}
            self.stdout.write(_("Story %(id)d, “%(title)s”: no article stands behind it.") % told)
        broken += len(stray)
        if options["article"] is not None and not articles:
            raise CommandError(_("There is no such article."))
        words = {"articles": articles, "rows": rows, "broken": broken}
        if broken:
            raise CommandError(
                _("%(articles)d articles, %(rows)d rows: %(broken)d not sound.") % words
            )
        self.stdout.write(_("%(articles)d articles, %(rows)d rows: all sound.") % words)
