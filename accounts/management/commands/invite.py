"""Management command that invites a user, such as the first administrator."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.management.printing import print_link
from accounts.services import Person, invite
from bylines.models import Contributor
from bylines.services import namesakes, same_name_message
from paper.permissions import Role


class Command(BaseCommand):
    """Create a login and print the link by which its user chooses a password.

    `invite NAME --role administrator [--last-name 张 --first-name 三 --email …]`. The link works
    once, for seven days, and cannot be shown again. If a contributor has the name already, say who
    it is: `--contributor N` for the same person, `--namesake` for another one.
    """

    help = "Invites a user and prints the link to choose a password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add NAME, --role (repeatable), the names, --email, --unit and the contributor."""
        parser.add_argument("username", metavar="NAME")
        parser.add_argument("--role", action="append", choices=Role.values, required=True)
        parser.add_argument("--last-name", default="")
        parser.add_argument("--first-name", default="")
        parser.add_argument("--email", default="")
        parser.add_argument("--unit", default="", help="of a new contributor, such as an office")
        parser.add_argument(
            "--contributor", type=int, metavar="N", help="the contributor, by number"
        )
        parser.add_argument(
            "--namesake", action="store_true", help="not the contributor with this name"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Invite the user and print the link."""
        name = options["username"]
        person = Person(
            username=name,
            last_name=options["last_name"] or name,
            first_name=options["first_name"],
            email=options["email"],
            roles=options["role"],
            contributor=_contributor(options["contributor"]),
            unit=options["unit"],
            is_namesake=options["namesake"],
        )
        _require_known_person(person)
        try:
            _user, token = invite(person, by=None, at=timezone.now())
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        print_link(self, token)


def _require_known_person(person: Person) -> None:
    """Raise CommandError if the name exists and no option says who is meant."""
    if person.contributor is not None or person.is_namesake:
        return
    others = namesakes(f"{person.last_name}{person.first_name}")
    if not others:
        return
    free = [f"--contributor {one.pk}" for one in others if one.user is None]
    lines = [same_name_message(others)]
    if free:
        same = {"same": " / ".join(free)}
        lines.append(
            _(
                "If it is the same person, add %(same)s. If it is a different person, add "
                "--namesake."
            )
            % same
        )
    else:
        lines.append(_("If it is a different person, add --namesake."))
    raise CommandError("\n".join(lines))


def _contributor(number: int | None) -> Contributor | None:
    """Return the contributor with this number. Raises CommandError if there is none."""
    found = Contributor.objects.filter(pk=number or 0).first()
    if number is not None and found is None:
        raise CommandError(_("There is no contributor %(number)d.") % {"number": number})
    return found
