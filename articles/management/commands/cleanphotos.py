"""The command that deletes photos which were put up while writing and stand nowhere."""

import datetime as dt
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.services import loose


class Command(BaseCommand):
    """List the photos that no article, story, revision or parked text has; delete them if told."""

    help = "Lists photos that stand nowhere; --delete deletes them. Never needed, frees space."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--days N: how old; --delete: do it."""
        parser.add_argument("--days", type=int, default=90, metavar="N")
        parser.add_argument("--delete", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a line for each, and the sum. Raises CommandError for too few days."""
        if not loose.LEAST_DAYS <= options["days"] <= 36_500:
            raise CommandError(_("Photos of less than %(n)d days stay.") % {"n": loose.LEAST_DAYS})
        at = timezone.now()
        photos = loose.loose_photos(before=at - dt.timedelta(days=options["days"]))
        for photo in photos:
            day = timezone.localtime(photo.uploaded_at).strftime("%Y-%m-%d")
            self.stdout.write(f"{photo.pk} {day} {photo.uploaded_by or ''} {photo}")
        if options["delete"]:
            done = loose.delete_loose(photos, began=at)
            self.stdout.write(_("%(n)d photos deleted.") % {"n": len(done)})
        else:
            words = _("%(n)d photos stand nowhere. --delete deletes them.")
            self.stdout.write(words % {"n": len(photos)})
