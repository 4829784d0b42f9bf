"""Anchor file: an append-only file outside the database with the heads of all sealed logs.

A user with write access to the database can recompute a whole log, or cut its end off. The anchor
file makes that detectable. Each line holds the heads of the logs that have grown since the previous
line, and a digest over itself and the previous digest, so that one digest covers the heads of all
logs. The digest is also sent by mail. A line is JSON:

- `at` and `kind`: when, in UTC, and why (start, signature, daily, start_date, restore);
- `by` and `note`: the user and the object of the action;
- `articles` and `issues`: the last covered row of each log, by id;
- `rows`: the number of rows of each log up to those;
- `heads`: {"a12": chain, "i3": chain} of articles and issues;
- `start_date`: the day from which the paper works with this system;
- `previous` and `digest`: SHA-256 of the previous line, and of this one.

A restored database lacks everything after its backup. Its first line, of the kind `restore`, holds
all heads again, and earlier lines no longer apply.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import logging
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from articles.models import LogEntry
from articles.workflow.transitions import DRAFT_ENTRIES
from notifications.models import NotificationEvent
from notifications.services import notify
from paper.permissions import Capability, people_who_may
from paper.querysets import get_paper
from textkit.digest import canonical_json, sha256_of, utc

from ..models import IssueLogEntry

logger = logging.getLogger(__name__)

#: Kinds of lines that hold all heads.
FULL = frozenset({"start", "restore"})
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00")
_HEAD = re.compile(r"[ai]\d{1,18}", re.ASCII)
#: Upper bound of ids.
_MOST = 2**63
#: Chunk size, in bytes, for reading the end of the file.
_PIECE = 65_536


@dataclass(frozen=True, slots=True)
class AnchorLine:
    """One parsed line of the file; see the module's docstring."""

    line: dict[str, Any]

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the line."""
        return str(self.line["digest"])


class BrokenAnchor(Exception):
    """The end of the anchor file is not a valid line."""


def write_anchor(kind: str, *, at: dt.datetime, by: str = "", note: str = "") -> AnchorLine:
    """Append a line for all log rows since the last one, and mail its digest.

    The first line is of the kind start, whatever `kind` says. Raises OSError where the file cannot
    be written, and BrokenAnchor where its last line is damaged. Call it outside transactions: only
    committed rows are anchored.
    """
    with _locked(Path(settings.ANCHOR_FILE)) as file:
        last = _last_line(file)
        kind = kind if last else "start"
        line = _line(kind, last or {}, at, by, note)
        file.write(canonical_json(line).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    _mail(line, at)
    return AnchorLine(line)


def anchor_on_commit(kind: str, *, at: dt.datetime, by: str, note: str) -> None:
    """Write a line after the commit; an error is logged, and the next line covers the rows."""
    transaction.on_commit(partial(_try_to_write, kind, at=at, by=by, note=note))


def anchor_daily(at: dt.datetime) -> bool:
    """Write the line of the day if there is none yet; return whether this call did."""
    path = Path(settings.ANCHOR_FILE)
    try:
        written = dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC)
    except OSError:
        written = None
    if written is not None and timezone.localdate(written) >= timezone.localdate(at):
        return False
    return _try_to_write("daily", at=at, by="", note="")


def _try_to_write(kind: str, *, at: dt.datetime, by: str, note: str) -> bool:
    try:
        write_anchor(kind, at=at, by=by, note=note)
    except (OSError, BrokenAnchor) as error:
        # The signature stays valid; the heads go into the next line.
        logger.error("The anchor file %s was not written: %s", settings.ANCHOR_FILE, error)
        _report_fault(str(error), at)
        return False
    return True


@contextmanager
def _locked(path: Path) -> Iterator[BinaryIO]:
    """Open the file for reading and appending, with an exclusive lock."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def _last_line(file: BinaryIO) -> dict[str, Any] | None:
    """Return the last line, None for an empty file. Raises BrokenAnchor."""
    end = file.seek(0, os.SEEK_END)
    if not end:
        return None
    start, tail = end, b""
    while start and b"\n" not in tail[:-1]:
        start = max(0, start - _PIECE)
        file.seek(start)
        tail = file.read(end - start)
    if not tail.endswith(b"\n"):
        raise BrokenAnchor("its last line is cut off")
    line = read_line(tail[:-1].rpartition(b"\n")[2])
    if line is None:
        raise BrokenAnchor("its last line is damaged")
    return line


def read_line(raw: bytes) -> dict[str, Any] | None:
    """Return a parsed line of the file, None where its digest does not match."""
    try:
        line = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    if not isinstance(line, dict) or line.get("digest") != _digest(line):
        return None
    return line if _is_whole(line) else None


def _is_whole(line: dict[str, Any]) -> bool:
    """Return whether a line has all required keys with values of the right types."""
    texts = (line.get(name) for name in ("at", "kind", "previous", "start_date"))
    ids = (line.get(name) for name in ("articles", "issues"))
    heads = line.get("heads")
    return (
        all(isinstance(text, str) for text in texts)
        and all(isinstance(pk, int) and 0 <= pk < _MOST for pk in ids)
        and _TIME.fullmatch(line["at"]) is not None
        and isinstance(heads, dict)
        and all(_HEAD.fullmatch(key) and isinstance(head, str) for key, head in heads.items())
    )


def _digest(line: dict[str, Any]) -> str:
    return sha256_of({name: value for name, value in line.items() if name != "digest"})


def _line(kind: str, last: dict[str, Any], at: dt.datetime, by: str, note: str) -> dict[str, Any]:
    known = {} if kind in FULL else last
    with transaction.atomic():
        _wait_for_writers()
        if rows_up_to(known) != known.get("rows"):
            # Ids were changed, or rows removed, possibly behind the last id: write all heads.
            known = {}
        heads, articles = _article_heads(known.get("articles", 0))
        of_issues, issues = _issue_heads(known.get("issues", 0))
        rows = rows_up_to({"articles": articles, "issues": issues})
        start_date = get_paper().start_date.isoformat()
    line = {
        "articles": articles,
        "at": utc(at),
        "by": by,
        "heads": heads | of_issues,
        "issues": issues,
        "kind": kind,
        "note": note,
        "previous": last.get("digest", ""),
        "rows": rows,
        "start_date": start_date,
    }
    return line | {"digest": _digest(line)}


def _wait_for_writers() -> None:
    """Wait for uncommitted log rows: a lower id must not be committed after a higher one is read.

    On SQLite the transaction itself is the only writer.
    """
    if connection.vendor == "postgresql":
        tables = (LogEntry._meta.db_table, IssueLogEntry._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {', '.join(tables)} IN SHARE MODE")


def sealed_rows() -> tuple[QuerySet[LogEntry], QuerySet[IssueLogEntry]]:
    """Return the rows of both logs that are anchored.

    The rows of drafts are left out: a draft that was never submitted may be deleted with them.
    """
    rows = LogEntry.objects.exclude(transition__in=DRAFT_ENTRIES)
    return rows, IssueLogEntry.objects.all()


def rows_up_to(line: Mapping[str, Any]) -> list[int]:
    """Return the number of rows of each log up to the ids in `line`."""
    last = (line.get("articles", 0), line.get("issues", 0))
    return [rows.filter(pk__lte=pk).count() for rows, pk in zip(sealed_rows(), last, strict=True)]


def _article_heads(after: int) -> tuple[dict[str, str], int]:
    """Return the last seal of each article with rows after `after`, and the last row's id."""
    rows = sealed_rows()[0].filter(pk__gt=after).order_by("pk")
    heads, last = {}, after
    for pk, article, chain in rows.values_list("pk", "article_id", "chain").iterator():
        heads[f"a{article}"], last = chain, pk
    return heads, last


def _issue_heads(after: int) -> tuple[dict[str, str], int]:
    rows = IssueLogEntry.objects.filter(pk__gt=after).order_by("pk")
    heads, last = {}, after
    for pk, issue, chain in rows.values_list("pk", "issue_id", "chain").iterator():
        heads[f"i{issue}"], last = chain, pk
    return heads, last


def _mail(line: dict[str, Any], at: dt.datetime) -> None:
    """Mail the digest to chiefs and administrators."""
    notify(
        people_who_may(Capability.CHECK_ANCHOR),
        NotificationEvent.ANCHOR,
        "anchor",
        key=f"anchor:{line['digest'][:32]}",
        data={
            "kind": line["kind"],
            "note": line["note"],
            "digest": line["digest"],
            "heads": len(line["heads"]),
            "when": line["at"],
        },
        url="",
        at=at,
    )


def _report_fault(why: str, at: dt.datetime) -> None:
    """Notify the administrators, once a day, that the file cannot be written."""
    notify(
        people_who_may(Capability.MANAGE_SETTINGS),
        NotificationEvent.ANCHOR_FAULT,
        "anchor_fault",
        key=f"anchor-fault:{timezone.localdate(at)}",
        data={"note": why},
        url=reverse("admin:index"),
        at=at,
    )
