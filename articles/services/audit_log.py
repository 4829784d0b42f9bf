"""Sealed audit log of an article: each row covers the previous one, so a forgery is detectable.

The content of a row's `details` depends on its transition:

- approve: `plan`, the reviews that the paper and the section required at that time;
- correct: `kind`, one of `press.models.Correction.Kind`;
- release: `release_at`, in UTC;
- archive: `operator`, `file`, `release_at`, and the paper's `start_date` at that time.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet

from bylines.services import display_name
from paper.permissions import roles_of
from textkit.digest import sha256_of, utc

from ..models import Article, LogEntry

#: The version of what `link` covers. A new field needs a new version; existing rows are verified
#: under their own version.
SEAL_VERSION = 1


def append(entry: LogEntry, rows: QuerySet[Article], **changes: Any) -> bool:
    """Seal the new `entry` onto its article's chain and store it; return whether it was stored.

    One UPDATE of `rows` advances the chain and writes `changes`, and only from the chain value that
    `entry.article` holds: two simultaneous transitions cannot follow the same row. Returns False,
    and stores nothing, where no row was updated. Call it inside a transaction.
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
    """Seal the new `entries`, each onto its own article's chain, as `append` does for one.

    All are actions of `by` with the same `changes`. The articles must be locked; the value of their
    `story` is written too. Either all are stored or none. The number of queries does not depend on
    the number of entries.
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


def begin(entries: Sequence[LogEntry], *, by: User | None, name: str) -> None:
    """Seal the new `entries` as the first rows of new articles, and store them.

    `name` is that of `by`, or of the console operator. The articles get the new chain value; the
    caller stores it.
    """
    _seal(entries, by, name)
    for entry in entries:
        entry.article.chain = entry.chain
    LogEntry.objects.bulk_create(entries)


def _seal(entries: Sequence[LogEntry], by: User | None, name: str = "") -> None:
    name = (name or display_name(by))[:60]
    roles = ",".join(sorted(roles_of(by))) if by else ""
    for entry in entries:
        entry.by_name, entry.by_roles = name, roles
        entry.seal_version = SEAL_VERSION
        entry.chain = link(entry, entry.article.chain)


def link(entry: LogEntry, previous: str) -> str:
    """Return the SHA-256 over `previous` (64 hex digits, "" for the first) and the data of `entry`.

    The data is canonical JSON: times in UTC to the microsecond, the revision by number and hash.
    """
    revision = entry.revision
    return sha256_of(
        {
            "article": entry.article_id,
            "at": utc(entry.at),
            "by": entry.by_id,
            "created_by": entry.article.created_by_id,
            "details": entry.details,
            "from": str(entry.from_state),
            "name": entry.by_name,
            "note": entry.note,
            "previous": previous,
            "printed": entry.printed,
            "revision": revision.number if revision else None,
            "roles": entry.by_roles,
            "saved_at": utc(revision.saved_at) if revision else None,
            "saved_by": revision.saved_by_id if revision else None,
            "seal": entry.seal_version,
            "sha256": revision.sha256 if revision else None,
            "to": str(entry.to_state),
            "transition": entry.transition,
            "version": entry.version,
        }
    )
