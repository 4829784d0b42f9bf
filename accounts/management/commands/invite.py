"""Invite a person from the console: the first administrator above all."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.management.printing import print_link
from accounts.services import Person, invite
from paper.roles import Role


class Command(BaseCommand):
    """Make a login and print the link by which its person chooses a password.

    `invite NAME --role administrator [--last-name 张 --first-name 三 --email …]`. The link works
    once, for seven days; nobody can read it again.
    """

    help = "Invites a person and prints the link that lets him choose a password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """NAME, --role (may be repeated), --last-name, --first-name, --email."""
        parser.add_argument("username", metavar="NAME")
        parser.add_argument("--role", action="append", choices=Role.values, required=True)
        parser.add_argument("--last-name", default="")
        parser.add_argument("--first-name", default="")
        parser.add_argument("--email", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        """Invite, print the link."""
        name = options["username"]
        person = Person(
            username=name,
            last_name=options["last_name"] or name,
            first_name=options["first_name"],
            email=options["email"],
            roles=options["role"],
        )
        try:
            _user, token = invite(person, by=None, at=timezone.now())
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        print_link(self, token)
