"""Storage of forms that arrive after the session has expired, visible only to their writer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.contrib.auth.models import User
from django.core import signing

from ..models import UnsavedForm

_SALT = "articles.owner"
#: How long the owner token of a form is valid.
OWNER_SECONDS = 14 * 24 * 3600
RETENTION = dt.timedelta(days=1)
#: Maximum number of unsaved forms per user; the oldest is deleted.
MAX_FORMS = 20
MAX_LENGTH = 2_000_000


def owner_token(user: User) -> str:
    """Return the signed token that identifies the owner of a form."""
    return signing.dumps(user.pk, salt=_SALT)


def owner_of(token: str) -> int | None:
    """Return the id of the login that a form belongs to; None for an invalid or expired token."""
    try:
        pk = signing.loads(token, salt=_SALT, max_age=OWNER_SECONDS)
    except signing.BadSignature:
        return None
    return pk if isinstance(pk, int) else None


def store_unsaved_form(
    owner: int, *, window_id: str, path: str, fields: Iterable[tuple[str, str]], at: dt.datetime
) -> bool:
    """Store the text fields of a form for the login `owner`; return whether they were stored.

    A later request of the same window replaces the earlier one. Rows older than a day are deleted.
    """
    # No form accepts NUL, and PostgreSQL would reject the whole text.
    pairs = [[part.replace("\0", "") for part in pair] for pair in fields]
    is_small = sum(len(value) for _name, value in pairs) <= MAX_LENGTH
    if not window_id or not is_small or not User.objects.filter(pk=owner, is_active=True).exists():
        return False
    UnsavedForm.objects.filter(at__lt=at - RETENTION).delete()
    UnsavedForm.objects.update_or_create(
        owner_id=owner,
        window_id=window_id,
        defaults={"path": path[:200], "fields": pairs, "at": at},
    )
    forms = UnsavedForm.objects.filter(owner_id=owner).order_by("-at")
    UnsavedForm.objects.filter(pk__in=[row.pk for row in forms[MAX_FORMS:]]).delete()
    return True


def unsaved_forms_of(user: User, path: str, at: dt.datetime) -> UnsavedForm | None:
    """Return the newest unsaved form of `user` from the URL `path`, within a day."""
    rows = UnsavedForm.objects.filter(owner=user, path=path, at__gte=at - RETENTION)
    return rows.order_by("-at").first()


def clear_unsaved_forms(user: User, *, window_id: str) -> None:
    """Delete the unsaved form of `user` from the window `window_id` after a save or a discard."""
    UnsavedForm.objects.filter(owner=user, window_id=window_id).delete()
