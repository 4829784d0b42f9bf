"""Management command that runs one round of the outbox."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import ngettext

from outbox import services
from outbox.models import Job


class Command(BaseCommand):
    """Run the periodic tasks and jobs that are due: e-mails, cut-off notifications, the anchor.

    The web server runs them itself. Use this command by hand, from cron if NEWSROOM_OUTBOX=0, or
    to test the mail server. It may run while a server runs: neither runs a job that the other has
    claimed.
    """

    help = "Run the background jobs that are due: e-mails, cut-off notifications, the daily anchor."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add --retry, which first makes given-up jobs due again."""
        parser.add_argument(
            "--retry", action="store_true", help="also retry jobs that were given up"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run what is due and print the number of jobs."""
        at = timezone.now()
        if options["retry"]:
            services.retry_given_up(at)
        services.run_tasks(at)
        n = services.run_due(at, clock=timezone.now)
        self.stdout.write(ngettext("%(n)d job is done.", "%(n)d jobs are done.", n) % {"n": n})
        self._report_given_up(Job.objects.given_up().count())

    def _report_given_up(self, n: int) -> None:
        if n:
            text = ngettext(
                "%(n)d job has failed for good; --retry tries it again.",
                "%(n)d jobs have failed for good; --retry tries them again.",
                n,
            )
            self.stdout.write(text % {"n": n})
