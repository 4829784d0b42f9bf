"""Verification of an issue's record: checks its log, its signature and its edition.

This module writes nothing; `audit_log` seals the rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from press.models import Edition
from press.snapshot_hash import edition_sha256s

from ..models import Issue, IssueLogEntry
from .audit_log import link

#: Issues that are checked together: bounds the memory and the number of queries.
LOT = 50
#: Maximum number of dangling rows that are listed.
_MOST_STRAYS = 100
#: Columns that an issue and its edition share.
_SHARED = ("number", "year_number", "date", "part", "special", "release_at")
#: Actions after which the issue is published.
_PRINTING = frozenset({"sign", "archive", "reschedule", "page", "baseline"})


@dataclass(frozen=True, slots=True)
class IssueFinding:
    """The result for one issue: the number of rows in its log, and the problem, or ""."""

    issue: Issue
    rows: int
    why: str


def verify_issues(issue_id: int | None = None) -> Iterator[IssueFinding]:
    """Yield the result for each issue in order of id, or for one; memory use is constant."""
    rows = Issue.objects.order_by("pk").select_related("edition")
    if issue_id is not None:
        rows = rows.filter(pk=issue_id)
    last = 0
    while lot := list(rows.filter(pk__gt=last)[:LOT]):
        prefetch_related_objects(lot, "log")
        editions = [issue.edition for issue in lot if issue.edition is not None]
        shas = edition_sha256s(editions)
        for issue in lot:
            log = list(issue.log.all())
            why = _broken_chain(issue, log) or _broken_issue(issue, log, shas)
            yield IssueFinding(issue, len(log), why)
        last = lot[-1].pk


def stray_editions() -> list[Edition]:
    """Return the published editions that have no issue."""
    return list(Edition.objects.filter(issue=None).order_by("pk"))


def stray_rows() -> list[str]:
    """Return each row with a dangling foreign key, as "table: column".

    The database rejects such rows; SQLite does so only while a connection enables the check.
    """
    if connection.vendor != "sqlite":
        return []
    with connection.cursor() as cursor:
        found = cursor.execute("PRAGMA foreign_key_check").fetchmany(_MOST_STRAYS)
    return [f"{table} {row} → {parent}" for table, row, parent, _key in found]


def _broken_chain(issue: Issue, log: Sequence[IssueLogEntry]) -> str:
    previous, version, seal_version = "", 0, 0
    for number, entry in enumerate(log, start=1):
        is_out_of_order = not version < entry.version <= issue.version
        is_weaker = entry.seal_version < seal_version
        if entry.chain != link(entry, previous) or is_out_of_order or is_weaker:
            values = {"n": number, "name": entry.by_name or _("the system")}
            values["time"] = timezone.localtime(entry.at).strftime("%Y-%m-%d %H:%M")
            return (
                _(
                    "Row %(n)d of its log (%(name)s, %(time)s) was changed, moved or "
                    "inserted, or an earlier row was changed or removed."
                )
                % values
            )
        previous, version, seal_version = entry.chain, entry.version, entry.seal_version
    if issue.chain == previous:
        return ""
    if issue.chain in {"", *(entry.chain for entry in log)}:
        return _("Rows were added at the end outside this system.")
    return _("Rows are missing at the end.")


def _broken_issue(issue: Issue, log: Sequence[IssueLogEntry], shas: dict[int, str]) -> str:
    """Compare state, signature and edition with the result of the log."""
    edition = issue.edition
    state = log[-1].to_state if log else Issue.State.PLANNING
    if issue.state != state:
        return _("The issue's state does not match its log.")
    if (edition is not None) != bool(log and log[-1].action in _PRINTING):
        return _(
            "The edition recorded in the log is missing, or an edition was published outside "
            "this system."
        )
    if edition is not None and log[-1].printed != edition.sha256:
        return _("The edition is not the one recorded in the log.")
    wrong = _broken_signature(issue, log)
    if wrong or edition is None:
        return wrong
    if any(getattr(issue, name) != getattr(edition, name) for name in _SHARED):
        return _("The issue and its edition differ: number, day, name or release.")
    if shas[edition.pk] != edition.sha256:
        return _(
            "The edition has changed since it was signed: its numbers, day, release, "
            "signature, pages, or the places of its stories differ."
        )
    return ""


def _broken_signature(issue: Issue, log: Sequence[IssueLogEntry]) -> str:
    """Compare signer and time with the last signature in the log."""
    signed = next((row for row in reversed(log) if row.action in {"sign", "archive", "void"}), None)
    if signed is None and log and log[0].action == "baseline":
        return ""  # it was signed before issues had a log
    expected: tuple[object, object] = (None, None)
    if signed is not None and signed.action == "sign":
        expected = (signed.by_id, signed.at)
    if (issue.signed_by_id, issue.signed_at) != expected:
        return _("The issue's signature does not match its log.")
    if issue.is_archive != any(row.action == "archive" for row in log):
        return _("The issue's archive mark does not match its log.")
    return ""
