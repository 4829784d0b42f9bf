"""Saved filters: query strings of the article list that a user stores under a name."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ..exceptions import Hidden, Invalid
from ..models import SavedFilter

MAX_FILTERS = 30
MAX_NAME = 30
MAX_QUERY = 500


def save_filter(name: str, query: str, *, user: User) -> SavedFilter:
    """Save the query string `query` (“?state=draft…”) for `user` under `name`, at the end.

    Raises Invalid for an empty or too long name, an empty or too long query, or too many filters.
    """
    clean = _checked_name(name)
    if query in {"", "?"}:
        raise Invalid([_("Choose a filter or enter a search word first, then save it.")])
    if len(query) > MAX_QUERY:
        raise Invalid([_("This filter has too many conditions. Please choose fewer.")])
    mine = SavedFilter.objects.filter(user=user)
    orders = list(mine.values_list("order", flat=True))
    if len(orders) >= MAX_FILTERS:
        raise Invalid(
            [
                _("You already have %(n)d saved filters. Delete one that you do not need.")
                % {"n": MAX_FILTERS}
            ]
        )
    order = max(orders, default=0) + 1
    try:
        with transaction.atomic():
            return SavedFilter.objects.create(user=user, name=clean, query=query, order=order)
    except IntegrityError as error:
        raise _taken(clean) from error


def rename_filter(pk: int, name: str, *, user: User) -> None:
    """Rename a filter of `user`. Raises Hidden, Invalid."""
    found, clean = _mine(pk, user), _checked_name(name)
    found.name = clean
    try:
        with transaction.atomic():
            found.save(update_fields=["name"])
    except IntegrityError as error:
        raise _taken(clean) from error


def delete_filter(pk: int, *, user: User) -> None:
    """Delete a filter of `user`. Raises Hidden."""
    _mine(pk, user).delete()


@transaction.atomic
def move_filter(pk: int, by: int, *, user: User) -> None:
    """Move a filter of `user` one place forward (-1) or back (1). Raises Hidden."""
    _mine(pk, user)
    rows = list(SavedFilter.objects.select_for_update().filter(user=user))
    at = next(n for n, row in enumerate(rows) if row.pk == pk)
    rows.insert(max(0, at + by), rows.pop(at))
    for order, row in enumerate(rows):
        row.order = order
    SavedFilter.objects.bulk_update(rows, ["order"])


def _mine(pk: int, user: User) -> SavedFilter:
    found = SavedFilter.objects.filter(pk=pk, user=user).first()
    if found is None:
        raise Hidden(_("There is no such filter."))
    return found


def _checked_name(name: str) -> str:
    clean = " ".join(name.split())
    if not clean:
        raise Invalid([_("Give the filter a name.")])
    if len(clean) > MAX_NAME:
        raise Invalid(
            [
                _(
                    "The name has %(n)d characters, but at most %(most)d are allowed. Please "
                    "shorten it."
                )
                % {"n": len(clean), "most": MAX_NAME}
            ]
        )
    return clean


def _taken(name: str) -> Invalid:
    return Invalid(
        [_("You already have a filter named “%(name)s”. Choose another name.") % {"name": name}]
    )
