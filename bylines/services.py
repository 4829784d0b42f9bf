"""Everything that writes contributors."""

from __future__ import annotations

from django.contrib.auth.models import User

from paper.models import Town
from paper.roles import Role as HouseRole

from .models import Contributor, Role

_KIND_OF_ROLE = {
    Role.REPORTER: Contributor.Kind.REPORTER,
    Role.CORRESPONDENT: Contributor.Kind.CORRESPONDENT,
}
#: Who is of the house signs as 记者, whatever else he is.
_STAFF = frozenset({HouseRole.REPORTER, HouseRole.EDITOR, HouseRole.HEAD, HouseRole.CHIEF})


LONGEST_NAME = 40


def squeeze_name(name: str) -> str:
    """Return a printed name without the blanks that a layout puts inside it (张　胜 → 张胜)."""
    return "".join(name.split())


def match_or_create(
    name: str, role: str, town: Town | None = None
) -> tuple[Contributor, list[Contributor]]:
    """Return the contributor that a printed credit means, and the others that it could mean.

    One of that name: that one. Several: the one of the same town, else of the kind that the role
    names, else the oldest; the rest are returned so that an editor can look. None: a new one.
    """
    found = list(Contributor.objects.named(squeeze_name(name)).order_by("id"))
    return _match(found, name, role, town)


class People:
    """The contributors by name, read once: what an import of many credits asks.

    Throw it away where a transaction in which it made somebody is rolled back.
    """

    def __init__(self) -> None:
        self._named: dict[str, list[Contributor]] = {}
        for person in Contributor.objects.order_by("id"):
            self._named.setdefault(person.name, []).append(person)

    def match_or_create(
        self, name: str, role: str, town: Town | None = None
    ) -> tuple[Contributor, list[Contributor]]:
        """Return what `match_or_create` does, without asking again for a name that is known."""
        known = self._named.setdefault(squeeze_name(name), [])
        best, others = _match(known, name, role, town)
        if best not in known:
            known.append(best)
        return best, others


def _match(
    found: list[Contributor], name: str, role: str, town: Town | None
) -> tuple[Contributor, list[Contributor]]:
    clean = squeeze_name(name)
    kind = _KIND_OF_ROLE.get(Role(role) if role in Role.values else Role.AUTHOR)
    if not found:
        new = Contributor(name=clean, kind=kind or Contributor.Kind.AUTHOR, town=town)
        new.full_clean()
        new.save()
        return new, []
    best = min(found, key=lambda c: (_other_town(c, town), c.kind != kind, c.pk))
    return best, [c for c in found if c != best]


def _other_town(contributor: Contributor, town: Town | None) -> bool:
    return town is not None and contributor.town_id != town.pk


def contributor_for(user: User, town: Town | None = None, unit: str = "") -> Contributor:
    """Return the contributor that stands for this login, made now if there is none yet.

    A new one is a reporter or a correspondent as the login's roles say, of this town and unit.
    """
    found = Contributor.objects.filter(user=user).first()
    if found:
        return found
    name = squeeze_name(user.last_name + user.first_name) or user.get_username()
    facts = {"name": name[:LONGEST_NAME], "kind": _kind_of(user), "town": town, "unit": unit}
    # Two windows may ask at once: a login stands for one contributor.
    return Contributor.objects.get_or_create(user=user, defaults=facts)[0]


def _kind_of(user: User) -> str:
    """Return the kind that follows from the roles, also those of who has not come yet."""
    is_staff = user.groups.filter(name__in=_STAFF).exists()
    return Contributor.Kind.REPORTER if is_staff else Contributor.Kind.CORRESPONDENT


def display_name(user: User | None) -> str:
    """Return the name under which the desk shows a login, in Chinese order."""
    if user is None:
        return ""
    return squeeze_name(f"{user.last_name}{user.first_name}") or user.get_username()
