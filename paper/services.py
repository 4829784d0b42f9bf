"""Services for old addresses, and for taking sections, towns and genres out of use."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from .admin_log import note_change
from .models import OldAddress


@transaction.atomic
def move_address(old: str, new: str, at: dt.datetime) -> None:
    """Redirect `old` to `new`, which is in use from now on and no longer redirects.

    Redirects to `old` now lead to `new`, so no reader follows two redirects or a loop.
    """
    OldAddress.objects.filter(old=new).delete()
    if old != new:
        OldAddress.objects.filter(new=old).update(new=new)
        OldAddress.objects.update_or_create(old=old, defaults={"new": new, "at": at})


def end_of(row: OldAddress) -> str:
    """Return the final target of `row`; raise ValidationError if it redirects to itself."""
    further = OldAddress.objects.filter(old=row.new).exclude(pk=row.pk).first()
    end = further.new if further else row.new
    if end == row.old:
        raise ValidationError(_("This address would redirect to itself."), code="loop")
    return end


@transaction.atomic
def enter_address(row: OldAddress, at: dt.datetime) -> None:
    """Save a validated `row` that a user has added or changed."""
    row.new, row.at = end_of(row), at
    row.save()
    OldAddress.objects.filter(new=row.old).update(new=row.new)


@transaction.atomic
def set_in_use(row: Any, is_active: bool, *, by: User, at: dt.datetime) -> None:
    """Take a section, town or genre out of use or back; the caller checks the permission.

    Forms no longer offer it out of use; objects that refer to it do not change.
    """
    if type(row).objects.filter(pk=row.pk).exclude(is_active=is_active).update(is_active=is_active):
        note_change(row, _("in use again") if is_active else _("out of use"), by=by, at=at)
    row.is_active = is_active
