"""Comparison of the sealed logs with an anchor file: detects truncated and recomputed logs."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Article, LogEntry
from paper.querysets import get_paper

from ..models import Issue, IssueLogEntry
from .anchor import FULL, read_line, rows_up_to

#: Number of logs that are compared together.
_LOT = 500


@dataclass(slots=True)
class AnchorReport:
    """The result: `problems` as sentences, the number of lines in the file, and its last line.

    `restored` has the times of the restores in the file.
    """

    lines: int = 0
    last: Mapping[str, Any] = field(default_factory=dict)
    restored: list[dt.datetime] = field(default_factory=list)
    start_dates: list[tuple[dt.datetime, str]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def verify_anchor(path: Path) -> AnchorReport:
    """Compare the database with the anchor file at `path`. Raises OSError.

    This complements `verify_all` and `verify_issues`: it assumes that the existing logs of articles
    and issues are intact.
    """
    report = AnchorReport()
    heads = _read(path, report)
    articles = {int(key[1:]): head for key, head in heads.items() if key[0] == "a"}
    issues = {int(key[1:]): head for key, head in heads.items() if key[0] == "i"}
    report.problems += _changed(articles, LogEntry, Article, _article)
    report.problems += _changed(issues, IssueLogEntry, Issue, _issue)
    if report.last and rows_up_to(report.last) != report.last.get("rows"):
        report.problems.append(
            _("The number or the ids of the log rows up to the last anchored ones have changed.")
        )
    report.problems += _archived_past_the_date(report.start_dates)
    anchored, now = report.last.get("start_date"), get_paper().start_date.isoformat()
    if anchored and anchored != now:
        values = {"anchored": anchored, "now": now}
        report.problems.append(
            _("The paper's start date is %(now)s; the anchor has %(anchored)s.") % values
        )
    return report


def _read(path: Path, report: AnchorReport) -> dict[str, tuple[str, str]]:
    """Return (last anchored seal, time) of each log; add damage to the problems of `report`."""
    heads: dict[str, tuple[str, str]] = {}
    with path.open("rb") as file:
        for number, raw in enumerate(file, start=1):
            line = read_line(raw)
            if line is None or line["previous"] != report.last.get("digest", ""):
                report.problems.append(
                    _(
                        "Line %(n)d of the anchor file was changed, or the line before it is "
                        "missing."
                    )
                    % {"n": number}
                )
                if line is None:
                    continue
            if line["kind"] == "start" and number > 1:
                report.problems.append(
                    _("Line %(n)d of the anchor file starts from the beginning again.")
                    % {"n": number}
                )
            elif line["kind"] in FULL:
                heads = {}
            if line["kind"] == "restore":
                report.restored.append(dt.datetime.fromisoformat(line["at"]))
            heads |= {key: (head, line["at"]) for key, head in line["heads"].items()}
            report.lines, report.last = number, line
            report.start_dates.append((dt.datetime.fromisoformat(line["at"]), line["start_date"]))
    if not report.lines:
        report.problems.append(_("The anchor file is empty."))
    return heads


def _changed(
    heads: Mapping[int, tuple[str, str]],
    model: type[Model],
    parent: type[Model],
    name: Callable[[int], str],
) -> Iterator[str]:
    """Yield a sentence for each log that does not contain its anchored seal.

    The log of a deleted article or issue counts as empty, because nobody verifies its rows.
    """
    owner = str(parent._meta.model_name)
    keys = iter(sorted(heads))
    while lot := list(islice(keys, _LOT)):
        rows = model._default_manager.filter(**{f"{owner}__in": lot})
        there = set(parent._default_manager.filter(pk__in=lot).values_list("pk", flat=True))
        known = {row for row in rows.values_list(f"{owner}_id", "chain") if row[0] in there}
        for pk in _missing(lot, heads, known):
            at = timezone.localtime(dt.datetime.fromisoformat(heads[pk][1]))
            values = {"what": name(pk), "time": at.strftime("%Y-%m-%d %H:%M")}
            yield (
                _(
                    "%(what)s: the log does not contain the row that was anchored %(time)s. "
                    "Rows were removed from its end, or it was recomputed."
                )
                % values
            )


def _archived_past_the_date(start_dates: Sequence[tuple[dt.datetime, str]]) -> Iterator[str]:
    """Yield a sentence for each archive import under a start date that was not in force.

    The date in force is in the anchor line before the import or in the one after.
    """
    if not start_dates:
        return
    times = [at for at, _date in start_dates]
    rows = LogEntry.objects.filter(transition="archive", at__gt=times[0]).order_by("pk")
    for row in rows.select_related("article").iterator():
        place = bisect_right(times, row.at)
        in_force = {date for _at, date in start_dates[max(0, place - 1) : place + 1]}
        if row.details.get("start_date") not in in_force:
            values = {"what": _article(row.article_id), "date": row.details.get("start_date")}
            yield (
                _(
                    "%(what)s: imported as printed under the start date %(date)s, which was "
                    "not in force."
                )
                % values
            )


def _missing(
    lot: Sequence[int], heads: Mapping[int, tuple[str, str]], known: set[tuple[int, str]]
) -> list[int]:
    return [pk for pk in lot if (pk, heads[pk][0]) not in known]


def _article(pk: int) -> str:
    article = Article.objects.filter(pk=pk).first()
    title = article.title if article else _("gone")
    return _("Article %(id)d, “%(title)s”") % {"id": pk, "title": title}


def _issue(pk: int) -> str:
    issue = Issue.objects.filter(pk=pk).first()
    return _("Issue %(issue)s") % {"issue": issue or f"{pk} ({_('gone')})"}
