"""The chain over an article's log: each row seals the one before it, so a forged record shows."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet

from bylines.services import display_name
from paper.roles import roles_of

from ..models import Article, LogEntry


def append(entry: LogEntry, rows: QuerySet[Article], **changes: Any) -> bool:
    """Seal the unsaved `entry` onto its article's chain and store it; tell whether it was done.

    The article's chain goes forward in the one UPDATE of `rows` that also writes `changes`, and
    only from where `entry.article` knows it: two moves at once cannot both follow one row. False
    where no row was changed; nothing is stored then. Call it inside a transaction.
    """
    article = entry.article
    _seal([entry], entry.by)
    here = rows.filter(pk=article.pk, chain=article.chain)
    if not here.update(chain=entry.chain, **changes):
        return False
    entry.save(force_insert=True)
    article.chain = entry.chain
    return True


def append_all(entries: Sequence[LogEntry], *, by: User | None, **changes: Any) -> bool:
    """Seal the unsaved `entries`, each onto its own article's chain, as `append` does one.

    All are the deeds of `by`, `changes` the same for all; the articles must be locked, and their
    `story` as it is set is written too. All or none; the number of queries does not depend on how
    many there are.
    """
    _seal(entries, by)
    articles = [entry.article for entry in entries]
    here = [Q(pk=one.pk, state=one.state, version=one.version, chain=one.chain) for one in articles]
    if Article.objects.filter(reduce(or_, here)).update(**changes) != len(entries):
        return False
    for entry in entries:
        entry.article.chain = entry.chain
    Article.objects.bulk_update(articles, ["chain", "story"], batch_size=200)
    LogEntry.objects.bulk_create(entries)
    return True


def begin(entries: Sequence[LogEntry], *, by: User | None) -> None:
    """Seal the unsaved `entries` as the first ones of articles just made, and store them.

    Their articles know the new chain; the caller stores it.
    """
    _seal(entries, by)
    for entry in entries:
        entry.article.chain = entry.chain
    LogEntry.objects.bulk_create(entries)


def _seal(entries: Sequence[LogEntry], by: User | None) -> None:
    name, roles = display_name(by)[:60], ",".join(sorted(roles_of(by))) if by else ""
    for entry in entries:
        entry.by_name, entry.by_roles = name, roles
        entry.chain = link(entry, entry.article.chain)


def link(entry: LogEntry, previous: str) -> str:
    """Return the SHA-256 over `previous` (64 hex digits, "" for the first) and what `entry` says.

    What it says is canonical JSON: sorted keys, UTF-8, no blanks, times in UTC to the microsecond,
    the revision by its number and hash, by who saved it and when; what was printed by its hash.
    Changing this makes every chain unreadable.
    """
    says = _says(entry, previous)
    if entry.revision:
        says["saved_at"] = _utc(entry.revision.saved_at)
        says["saved_by"] = entry.revision.saved_by_id
    if entry.printed:
        says["printed"] = entry.printed
    return _hash(says)


def old_link(entry: LogEntry, previous: str) -> str:
    """Return the link as it was made before it covered who saved a revision and what is printed."""
    return _hash(_says(entry, previous))


def _hash(says: dict[str, Any]) -> str:
    text = json.dumps(says, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _utc(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat(timespec="microseconds")


def _says(entry: LogEntry, previous: str) -> dict[str, Any]:
    revision = entry.revision
    return {
        "article": entry.article_id,
        "at": _utc(entry.at),
        "by": entry.by_id,
        "from": str(entry.from_state),
        "move": entry.move,
        "name": entry.by_name,
        "note": entry.note,
        "previous": previous,
        "revision": revision.number if revision else None,
        "roles": entry.by_roles,
        "sha256": revision.sha256 if revision else None,
        "to": str(entry.to_state),
    }
