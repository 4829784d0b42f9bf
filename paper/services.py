"""Everything that writes the paper's old addresses."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from .models import OldAddress


@transaction.atomic
def move_address(old: str, new: str, at: dt.datetime) -> None:
    """Have `old` lead to `new`, which is in use from now on and leads nowhere else.

    What led to `old` leads to `new` at once: no reader is sent twice, or in a circle.
    """
    OldAddress.objects.filter(old=new).delete()
    if old != new:
        OldAddress.objects.filter(new=old).update(new=new)
        OldAddress.objects.update_or_create(old=old, defaults={"new": new, "at": at})


def end_of(row: OldAddress) -> str:
    """Return where `row` leads in the end; raise ValidationError where that is back to itself."""
    further = OldAddress.objects.filter(old=row.new).exclude(pk=row.pk).first()
    end = further.new if further else row.new
    if end == row.old:
        raise ValidationError(_("This address would lead to itself."), code="loop")
    return end


@transaction.atomic
def enter_address(row: OldAddress, at: dt.datetime) -> None:
    """Save a checked `row` that somebody has entered or changed by hand."""
    row.new, row.at = end_of(row), at
    row.save()
    OldAddress.objects.filter(new=row.old).update(new=row.new)
