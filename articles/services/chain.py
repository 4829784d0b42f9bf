"""The chain over an article's log: each row seals the one before it, so a forged record shows."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any

from django.db.models import QuerySet

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
    entry.by_name = display_name(entry.by)[:60]
    entry.by_roles = ",".join(sorted(roles_of(entry.by))) if entry.by else ""
    entry.chain = link(entry, article.chain)
    here = rows.filter(pk=article.pk, chain=article.chain)
    if not here.update(chain=entry.chain, **changes):
        return False
    entry.save(force_insert=True)
    article.chain = entry.chain
    return True


def link(entry: LogEntry, previous: str) -> str:
    """Return the SHA-256 over `previous` (64 hex digits, "" for the first) and what `entry` says.

    What it says is canonical JSON: sorted keys, UTF-8, no blanks, the time in UTC to the
    microsecond, the revision by its number and hash. Changing this makes every chain unreadable.
    """
    revision = entry.revision
    says = {
        "article": entry.article_id,
        "at": entry.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
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
    text = json.dumps(says, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
