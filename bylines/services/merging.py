"""Merging of two contributors of one person by a pointer; no other row is written."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from paper.admin_log import note_change
from paper.permissions import Capability, may

from ..models import Contributor


def may_merge(by: User) -> bool:
    """Return whether `by` may merge contributors and undo it: heads and administrators."""
    return may(by, Capability.MERGE_CONTRIBUTORS)


@transaction.atomic
def merge_contributors(
    source: Contributor, target: Contributor, *, by: User, at: dt.datetime
) -> None:
    """Make `source` count for `target` in matching, lists, search, and the right to sign.

    Bylines, revisions, stories and the log do not change. Contributors merged into `source` move to
    `target` too, so that a pointer never leads to another pointer. Raises PermissionDenied,
    ValidationError.
    """
    if not may_merge(by):
        raise PermissionDenied
    one, other = _locked(source, target)
    _require_mergeable(one, other)
    for row in [one, *one.merged.select_for_update()]:
        row.merged_into = other
        row.save(update_fields=["merged_into"])
        values = {"source": named(row), "target": named(other)}
        note_change(row, _("Merged into %(target)s.") % values, by=by, at=at)
        note_change(other, _("%(source)s was merged into it.") % values, by=by, at=at)


def _locked(*rows: Contributor) -> list[Contributor]:
    """Return the current rows, locked in a fixed order, so that two merges cannot deadlock."""
    locked = Contributor.objects.select_for_update(of=("self",)).order_by("pk")
    found = {row.pk: row for row in locked.filter(pk__in=[row.pk for row in rows])}
    if len(found) < len({row.pk for row in rows}):
        raise ValidationError(_("There is no such contributor."))
    return [found[row.pk] for row in rows]


def _require_mergeable(source: Contributor, target: Contributor) -> None:
    """Raise ValidationError if `source` cannot be merged into `target`."""
    if source.pk == target.pk:
        raise ValidationError(_("A contributor cannot be merged into itself."))
    if source.merged_into is not None:
        values = {"name": named(source), "target": named(source.merged_into)}
        raise ValidationError(_("%(name)s is already merged into %(target)s.") % values)
    if target.merged_into is not None:
        values = {"name": named(target), "target": named(target.merged_into)}
        raise ValidationError(
            _("%(name)s is merged into %(target)s. Choose %(target)s instead.") % values
        )
    if source.user_id and target.user_id:
        raise ValidationError(
            _(
                "Both have a login, and each login has its own byline, so they cannot be "
                "merged. If they are the same person, ask an administrator to deactivate one "
                "of the logins."
            )
        )
    if source.user_id:
        raise ValidationError(
            _(
                "%(name)s has a login. Merge in the other direction: the contributor without "
                "a login into this one."
            )
            % {"name": named(source)}
        )


@transaction.atomic
def unmerge_contributor(source: Contributor, *, by: User, at: dt.datetime) -> None:
    """Undo the merge of a contributor.

    Users cannot separate a contributor from their own: it decides what they may sign. Raises
    PermissionDenied, ValidationError.
    """
    if not may_merge(by):
        raise PermissionDenied
    (row,) = _locked(source)
    target = row.merged_into
    if target is None:
        raise ValidationError(_("This contributor is not merged into another one."))
    if target.user_id == by.pk:
        raise ValidationError(
            _("It is merged into your own byline. Ask somebody else to separate them.")
        )
    row.merged_into = None
    row.save(update_fields=["merged_into"])
    values = {"source": named(row), "target": named(target)}
    note_change(row, _("Separated from %(target)s.") % values, by=by, at=at)
    note_change(target, _("%(source)s was separated from it.") % values, by=by, at=at)


def named(person: Contributor) -> str:
    """Return the name of a contributor with its place or kind and number."""
    return f"{person.name}（{person.place or person.get_kind_display()}，#{person.pk}）"
