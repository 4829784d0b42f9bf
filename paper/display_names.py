"""Display names of users, which never reveal their user names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from .permissions import Role, roles_of


def shown_names(users: Iterable[User]) -> dict[int, str]:
    """Return a distinct name for each of `users` by id, in Chinese order.

    Users of the same name get their role as a suffix, and a number if that is the same too:
    王强（编辑）.
    """
    people = list(users)
    plain = {user.pk: _own_name(user) for user in people}
    names = dict(plain)
    for distinguish in (_with_role, _with_number):
        bearers = Counter(names.values())
        names = {
            user.pk: names[user.pk]
            if bearers[names[user.pk]] == 1
            else distinguish(user, plain[user.pk], people, plain)
            for user in people
        }
    return names


def _own_name(user: User) -> str:
    name = "".join(f"{user.last_name}{user.first_name}".split())
    return name or _role_of(user) or _("no name")


def _role_of(user: User) -> str:
    roles = roles_of(user)
    return str(next((role.label for role in reversed(Role) if role in roles), ""))


def _with_role(user: User, name: str, people: list[User], plain: dict[int, str]) -> str:
    role = _role_of(user)
    return f"{name}（{role}）" if role and role != name else name


def _with_number(user: User, name: str, people: list[User], plain: dict[int, str]) -> str:
    namesakes = sorted(other.pk for other in people if plain[other.pk] == name)
    role = _role_of(user)
    number = namesakes.index(user.pk) + 1
    return f"{name}（{role if role != name else ''}{number}）"
