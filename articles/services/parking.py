"""Text that arrives after its writer's session has ended is kept for him, and for nobody else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.contrib.auth.models import User
from django.core import signing

from ..models import Parked

_SALT = "articles.owner"
#: How long a form that was opened speaks for its owner.
OWNER_SECONDS = 14 * 24 * 3600
KEEP = dt.timedelta(days=1)
#: A person has this many texts parked at most; the oldest goes.
MOST = 20
MAX_LENGTH = 2_000_000


def owner_token(user: User) -> str:
    """Return what a form carries to say, signed by us, for whom it was opened."""
    return signing.dumps(user.pk, salt=_SALT)


def owner_of(token: str) -> int | None:
    """Return the id of the login for whom a form was opened; None for a made-up or old token."""
    try:
        pk = signing.loads(token, salt=_SALT, max_age=OWNER_SECONDS)
    except signing.BadSignature:
        return None
    return pk if isinstance(pk, int) else None


def park(
    owner: int, *, tab: str, path: str, fields: Iterable[tuple[str, str]], at: dt.datetime
) -> bool:
    """Keep the text fields of a form for the login `owner`; tell whether they were kept.

    The same window again replaces what it sent before. Rows older than a day are deleted.
    """
    # NUL no form takes, and PostgreSQL would refuse the whole text for it.
    pairs = [[part.replace("\0", "") for part in pair] for pair in fields]
    is_small = sum(len(value) for _name, value in pairs) <= MAX_LENGTH
    if not tab or not is_small or not User.objects.filter(pk=owner, is_active=True).exists():
        return False
    Parked.objects.filter(at__lt=at - KEEP).delete()
    Parked.objects.update_or_create(
        owner_id=owner, tab=tab, defaults={"path": path[:200], "fields": pairs, "at": at}
    )
    kept = Parked.objects.filter(owner_id=owner).order_by("-at")
    Parked.objects.filter(pk__in=[row.pk for row in kept[MOST:]]).delete()
    return True


def parked_for(user: User, path: str, at: dt.datetime) -> Parked | None:
    """Return the newest text that was kept for `user` from a form at `path`, within a day."""
    rows = Parked.objects.filter(owner=user, path=path, at__gte=at - KEEP)
    return rows.order_by("-at").first()


def clear(user: User, *, tab: str) -> None:
    """Delete what was kept for `user` from the window `tab`: it is saved now, or given up."""
    Parked.objects.filter(owner=user, tab=tab).delete()
