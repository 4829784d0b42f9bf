"""References to a section, town, genre, contributor or photo, which prevent its deletion.

The database protects references between rows. Revisions and unsaved forms refer to rows in JSON,
which the database cannot check, so this module searches them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.contrib.auth.models import User
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from bylines.models import Contributor
from paper.admin_log import note_deletion
from paper.models import Section, Town
from photos.models import Photo
from photos.services import delete_photo

from ..exceptions import Conflict, Hidden
from ..models import Genre, Revision, UnsavedForm
from .orphan_photos import named_in_revisions, named_in_unsaved_forms

Thing = Section | Town | Genre | Contributor | Photo


def uses_of(thing: Thing) -> list[tuple[str, int]]:
    """Return the kinds of references to `thing` with their counts; empty if it can be deleted."""
    found = list(_rows_that_refer(thing))
    if not found and _is_in_json(thing):
        found.append((_("earlier revisions"), 1))
    return found


def _rows_that_refer(thing: Thing) -> Iterator[tuple[str, int]]:
    """Yield the protected relations that have rows, as label and count."""
    for relation in thing._meta.related_objects:
        if getattr(relation, "on_delete", None) is not models.PROTECT:
            continue
        rows = relation.related_model._default_manager.filter(**{relation.field.name: thing})
        count = rows.count()
        if count:
            yield str(relation.related_model._meta.verbose_name_plural), count
    if isinstance(thing, Contributor) and thing.user_id:
        yield _("login"), 1


def _is_in_json(thing: Thing) -> bool:
    """Return whether a revision or an unsaved form refers to `thing`."""
    if isinstance(thing, Photo):
        return thing.pk in named_in_revisions() | named_in_unsaved_forms()
    if isinstance(thing, Section):
        is_named = Revision.objects.filter(content__section=thing.pk).exists()
        return is_named or _is_in_unsaved_form("section", thing.pk)
    if isinstance(thing, Genre):
        is_named = Revision.objects.filter(content__genre=thing.pk).exists()
        return is_named or _is_in_unsaved_form("genre", thing.pk)
    if isinstance(thing, Town):
        towns = Revision.objects.values_list("content__towns", flat=True)
        is_named = any(thing.pk in (pks or []) for pks in towns.iterator(500))
        return is_named or _is_in_unsaved_form("towns", thing.pk)
    bylines = Revision.objects.values_list("content__bylines", flat=True)
    return any(
        row["contributor"] == thing.pk for rows in bylines.iterator(500) for row in rows or []
    )


def _is_in_unsaved_form(field: str, pk: int) -> bool:
    rows = UnsavedForm.objects.values_list("fields", flat=True).iterator(100)
    return any([field, str(pk)] == list(pair) for pairs in rows for pair in pairs)


def delete_unused(thing: Thing, *, by: User, at: dt.datetime) -> None:
    """Delete `thing` if nothing refers to it. Raises Hidden, Conflict.

    The caller has checked the user's permission.
    """
    try:
        with transaction.atomic():
            rows = type(thing)._default_manager.select_for_update(of=("self",))
            found = rows.filter(pk=thing.pk).first()
            if found is None:
                raise Hidden(_("It no longer exists."))
            if uses_of(found):
                raise Conflict(in_use_message(found))
            note_deletion(found, by=by, at=at)
            if isinstance(found, Photo):
                delete_photo(found)
            else:
                found.delete()
    except (IntegrityError, models.ProtectedError) as error:
        # Somebody has just started to use it.
        raise Conflict(in_use_message(thing)) from error


def in_use_message(thing: Thing) -> str:
    """Return the message that `thing` cannot be deleted."""
    return _("“%(name)s” is in use and cannot be deleted. Take it out of use instead.") % {
        "name": str(thing)
    }
