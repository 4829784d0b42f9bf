"""Management command that prints the SQL for the database role of the public site."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from press.database_grants import grants


class Command(BaseCommand):
    """Print the SQL that lets a PostgreSQL role read public data; pipe it to psql to run it."""

    help = "Print the SQL that grants a PostgreSQL role access to public content only."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add NAME, an existing role."""
        parser.add_argument("name")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the SQL. Raises CommandError for a name that needs quotation marks."""
        name = options["name"]
        if not (name.isascii() and name.isidentifier() and name == name.lower()):
            raise CommandError("Name the role in small letters, digits and underscores.")
        for sql in grants(name):
            self.stdout.write(f"{sql};")
