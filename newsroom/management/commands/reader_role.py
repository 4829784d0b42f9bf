"""`manage.py reader_role`: the SQL of the database role that readers' processes log in with."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from press.reading import grants


class Command(BaseCommand):
    """Print the SQL that lets a role of PostgreSQL read what is public; `| psql` runs it."""

    help = "Print the SQL that lets a PostgreSQL role read what readers' pages show, and no more."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """NAME of a role that is there."""
        parser.add_argument("name")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print. Raises CommandError for a name that needs quotation marks."""
        name = options["name"]
        if not (name.isascii() and name.isidentifier() and name == name.lower()):
            raise CommandError("Name the role in small letters, digits and underscores.")
        for sql in grants(name):
            self.stdout.write(f"{sql};")
