"""Services for the data of a contributor: add, change, take out of use."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from paper.admin_log import note_change
from paper.permissions import Capability, may

from ..models import Contributor
from ..names import name_key, tidy_name
from .logins import remember_name
from .merging import may_merge, named


def namesakes(name: str, of: Contributor | None = None) -> list[Contributor]:
    """Return the unmerged contributors with this current or former name, except `of`."""
    rows = Contributor.objects.known_as(name).unmerged().select_related("town", "user")
    return list(rows.exclude(pk=of.pk) if of is not None and of.pk else rows)


@transaction.atomic
def save_contributor(
    person: Contributor, *, by: User, at: dt.datetime, is_namesake: bool = False
) -> None:
    """Save a contributor that a user has added or changed.

    `is_namesake` confirms that another contributor of the same name is another person. A former
    name is stored. Raises PermissionDenied, ValidationError.
    """
    if not may(by, Capability.EDIT_CONTRIBUTORS):
        raise PermissionDenied
    person.name = tidy_name(person.name)
    rows = Contributor.objects.select_for_update(of=("self",))
    was = rows.filter(pk=person.pk).first() if person.pk else None
    is_renamed = was is None or name_key(was.name) != name_key(person.name)
    if is_renamed and not is_namesake and (others := namesakes(person.name, person)):
        raise ValidationError(same_name_message(others))
    if was is not None:
        _require_may_change(was, person, by)
        person.user, person.merged_into = was.user, was.merged_into
        if was.name != person.name:
            remember_name(person, was.name, at=at)
    person.full_clean()
    person.save()
    if was is not None:
        _note(was, person, by, at)


def _require_may_change(was: Contributor, person: Contributor, by: User) -> None:
    """Raise PermissionDenied or ValidationError if `by` may not make this change."""
    is_key_fact = (was.name, was.town_id) != (person.name, person.town_id)
    if is_key_fact and not may_merge(by):
        raise PermissionDenied
    if was.is_active and not person.is_active:
        require_may_retire(was)


def require_may_retire(person: Contributor) -> None:
    """Raise ValidationError for the contributor of an active login."""
    if person.user is not None and person.user.is_active:
        raise ValidationError(
            _("This contributor is the byline of an active login. Deactivate the login first.")
        )


def same_name_message(others: list[Contributor]) -> str:
    """Return a message that lists the contributors of the same name."""
    names = "、".join(named(one) for one in others[:5])
    return _(
        "A contributor with this name already exists: %(names)s. If it is the same person, "
        "use that entry; if it is a different person, confirm this."
    ) % {"names": names}


def _note(was: Contributor, person: Contributor, by: User, at: dt.datetime) -> None:
    """Log each changed field with its old and new value in the admin log."""
    changes = []
    for field in ("name", "town", "kind", "unit", "section", "is_active"):
        old, new = getattr(was, field), getattr(person, field)
        if old != new:
            label = str(Contributor._meta.get_field(field).verbose_name)  # type: ignore[union-attr]
            changes.append(f"{label}: {_shown(old)} → {_shown(new)}")
    if was.phone != person.phone:
        changes.append(_("phone"))
    if changes:
        note_change(person, "；".join(changes), by=by, at=at)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value or "—")


@transaction.atomic
def set_in_use(person: Contributor, is_active: bool, *, by: User, at: dt.datetime) -> None:
    """Take a contributor out of use or back. Raises PermissionDenied, ValidationError."""
    row = Contributor.objects.select_for_update(of=("self",)).get(pk=person.pk)
    row.is_active = is_active
    save_contributor(row, by=by, at=at)
    person.is_active = is_active
