"""Services for the contributor of a login: each login has exactly one from its creation on."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from paper.admin_log import note_change
from paper.models import Town
from paper.permissions import Capability, roles_allow

from ..models import Contributor, FormerLogin, OtherName
from ..names import name_key, tidy_name

LONGEST_NAME = 40


def display_name(user: User | None) -> str:
    """Return the display name of a login, in Chinese order."""
    if user is None:
        return ""
    return tidy_name(f"{user.last_name} {user.first_name}") or user.get_username()


def own_contributor(user: User) -> Contributor:
    """Return the contributor of a login, or an unsaved instance if there is none."""
    return Contributor.objects.filter(user=user).first() or _new(user)


def contributor_for(user: User, town: Town | None = None, unit: str = "") -> Contributor:
    """Return the contributor of a login, which is created if it does not exist.

    A new one is a reporter, a correspondent or an office according to the login's roles, of this
    town and unit.
    """
    found = Contributor.objects.filter(user=user).first()
    if found:
        return found
    new = _new(user)
    values = {"name": new.name, "kind": new.kind, "town": town, "unit": unit}
    # Two requests may create it at once, and a login has only one contributor.
    return Contributor.objects.get_or_create(user=user, defaults=values)[0]


def _new(user: User) -> Contributor:
    name = display_name(user)[:LONGEST_NAME]
    return Contributor(user=user, name=name, kind=_kind_of(user))


def _kind_of(user: User) -> str:
    """Return the kind that follows from the roles, also of an inactive invited login."""
    roles = set(user.groups.values_list("name", flat=True))
    if user.is_superuser or roles_allow(roles, Capability.SIGN_AS_STAFF):
        return Contributor.Kind.REPORTER
    is_office = roles_allow(roles, Capability.FOLLOW_TOWN)
    return Contributor.Kind.OFFICE if is_office else Contributor.Kind.CORRESPONDENT


def give_login(contributor: Contributor, user: User) -> None:
    """Link a contributor without a login to a login without a contributor.

    Raises ValidationError.
    """
    free = Contributor.objects.filter(pk=contributor.pk, user=None, merged_into=None)
    if not free.update(user=user):
        raise ValidationError(_("This contributor already has a login."))


@transaction.atomic
def change_login(user: User, contributor: Contributor, *, by: User, at: dt.datetime) -> None:
    """Give `user` another contributor, because the former one was wrong from the start.

    The former one remains, without a login; before `user` signs one of its articles, the desk asks
    whether they wrote it. Users cannot change their own. Raises ValidationError.
    """
    if user.pk == by.pk:
        raise ValidationError(_("You cannot change your own byline. Ask another administrator."))
    former = contributor_for(user)
    if former.pk == contributor.pk:
        return
    rows = Contributor.objects.select_for_update(of=("self",)).order_by("pk")
    list(rows.filter(pk__in=[former.pk, contributor.pk]))
    FormerLogin.objects.create(contributor=former, user=user, at=at)
    Contributor.objects.filter(pk=former.pk).update(user=None)
    give_login(contributor, user)
    values = {"login": user.get_username()}
    note_change(former, _("No longer the byline of the login %(login)s.") % values, by=by, at=at)
    note_change(contributor, _("Now the byline of the login %(login)s.") % values, by=by, at=at)


def follow_login_name(user: User, former: str, *, by: User, at: dt.datetime) -> None:
    """Rename the contributor of `user` after a change of the login's name from `former`.

    It gets the new name if it had the former one; a pen name does not change. The former name is
    stored in both cases.
    """
    person, name = contributor_for(user), display_name(user)[:LONGEST_NAME]
    if name_key(former) == name_key(name):
        return
    if person.name_key == name_key(former):
        rename(person, name, by=by, at=at)
    else:
        remember_name(person, former, at=at)


def rename(person: Contributor, name: str, *, by: User, at: dt.datetime) -> None:
    """Rename a contributor, and store the former name."""
    former, person.name = person.name, tidy_name(name)
    remember_name(person, former, at=at)
    person.full_clean(exclude=["user"])
    person.save(update_fields=["name", "name_key", "sort_key"])
    values = {"former": former, "name": person.name}
    note_change(person, _("Name: %(former)s → %(name)s") % values, by=by, at=at)


def remember_name(person: Contributor, name: str, *, at: dt.datetime) -> None:
    """Store `name` as a former name of the contributor."""
    values = {"name": tidy_name(name)[:LONGEST_NAME]}
    OtherName.objects.get_or_create(contributor=person, **values, defaults={"at": at})
