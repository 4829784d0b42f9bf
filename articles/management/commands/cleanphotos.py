"""Management command that deletes uploaded photos that no article uses."""

import datetime as dt
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.services import orphan_photos


class Command(BaseCommand):
    """List, or delete, the photos that no article, story, revision or unsaved form uses."""

    help = "Lists photos that nothing uses; --delete deletes them. Optional: it frees space."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add --days N (minimum age) and --delete (delete the photos)."""
        parser.add_argument("--days", type=int, default=90, metavar="N")
        parser.add_argument("--delete", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a line for each photo, and the total. Raises CommandError for too few days."""
        if not orphan_photos.LEAST_DAYS <= options["days"] <= 36_500:
            raise CommandError(
                _("Photos less than %(n)d days old are not deleted.")
                % {"n": orphan_photos.LEAST_DAYS}
            )
        at = timezone.now()
        photos = orphan_photos.orphan_photos(before=at - dt.timedelta(days=options["days"]))
        for photo in photos:
            day = timezone.localtime(photo.uploaded_at).strftime("%Y-%m-%d")
            self.stdout.write(f"{photo.pk} {day} {photo.uploaded_by or ''} {photo}")
        if options["delete"]:
            done = orphan_photos.delete_orphan_photos(photos, began=at)
            self.stdout.write(_("%(n)d photos deleted.") % {"n": len(done)})
        else:
            message = _("%(n)d photos are not used in any article. Add --delete to delete them.")
            self.stdout.write(message % {"n": len(photos)})
