"""Entries in Django's admin log for changes of reference data, shown in an object's history."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import User
from django.db.models import Model


def note_change(row: Model, message: str, *, by: User, at: dt.datetime) -> None:
    """Log that `by` changed `row` at `at`, as `message` describes."""
    _note(row, "CHANGE", message, by, at)


def note_deletion(row: Model, *, by: User, at: dt.datetime) -> None:
    """Log that `by` deletes `row` at `at`."""
    _note(row, "DELETION", "", by, at)


def _note(row: Model, flag: str, message: str, by: User, at: dt.datetime) -> None:
    # A process that serves only the public site has no admin, and changes nothing.
    from django.contrib.admin import models as admin
    from django.contrib.contenttypes.models import ContentType

    admin.LogEntry.objects.create(
        user=by,
        action_time=at,
        content_type=ContentType.objects.get_for_model(row),
        object_id=str(row.pk),
        object_repr=str(row)[:200],
        action_flag=getattr(admin, flag),
        change_message=message,
    )
