"""The sign-off sheet (审签单) of an article: one value, shown as a page and as a PDF."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from paper.models import Paper
from paper.querysets import the_paper
from paper.roles import Role

from .models import Article, LogEntry
from .services import rules
from .services.verify import Break, verify
from .states import READING_NAMES, READINGS, State

#: So many digits of a SHA-256 stand for it where the whole is printed elsewhere on the sheet.
SHORT = 12


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One move: its number from 1, in words, who in which role, on which revision."""

    number: int
    move: str
    name: str
    roles: str
    at: dt.datetime
    note: str
    revision: int | None
    sha256: str

    @property
    def short(self) -> str:
        """Return the start of the revision's SHA-256."""
        return self.sha256[:SHORT]


@dataclass(frozen=True, slots=True)
class Signature:
    """One reading of the current round: signed by `row`, or still to come; `is_now`: it waits."""

    label: str
    row: SheetRow | None
    is_now: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that the sheet says, true at `at`; `broken` is None where the chain is whole."""

    paper: Paper
    article: Article
    at: dt.datetime
    facts: Sequence[tuple[str, str]]
    signatures: Sequence[Signature]
    rows: Sequence[SheetRow]
    hashes: Sequence[tuple[int, str]]
    broken: Break | None

    @property
    def headline(self) -> Sequence[str]:
        """Return the lines of the headline, or the title where there is none."""
        return self.article.headline.split("\n") if self.article.headline else [self.article.title]

    @property
    def verdict(self) -> str:
        """Return in words whether the record is sound."""
        if self.broken is None:
            return _("Chain whole: %(n)d rows checked.") % {"n": len(self.rows)}
        if self.broken.row is None:
            return _("Record not sound: %(why)s") % {"why": self.broken.why}
        words = {"n": self.broken.row, "why": self.broken.why}
        return _("Chain broken at row %(n)d: %(why)s") % words

    @property
    def file_name(self) -> str:
        """Return the name of the PDF, in Chinese, without what a file system refuses."""
        title = "".join(c if c.isalnum() else "_" for c in self.article.title[:24]).strip("_")
        return f"{_('Sign-off sheet')}-{self.article.pk}-{title}.pdf"


def sheet_of(article: Article, *, at: dt.datetime) -> Sheet:
    """Return the sign-off sheet of `article` as it is at `at`; its chain is checked now."""
    entries = article.log.select_related("revision").defer("revision__content").order_by("pk")
    log = list(entries)
    rows = [_row(number, entry) for number, entry in enumerate(log, start=1)]
    hashes = {row.revision: row.sha256 for row in rows if row.revision is not None}
    return Sheet(
        paper=the_paper(),
        article=article,
        at=at,
        facts=_facts(article, at),
        signatures=_signatures(article, log, rows),
        rows=rows,
        hashes=sorted(hashes.items()),
        broken=verify(article),
    )


def _row(number: int, entry: LogEntry) -> SheetRow:
    labels = dict(Role.choices)
    roles = [str(labels.get(role, role)) for role in entry.by_roles.split(",") if role]
    return SheetRow(
        number=number,
        move=rules.move_label(entry.move),
        name=entry.by_name or _("the system"),
        roles="、".join(roles),
        at=entry.at,
        note=entry.note,
        revision=entry.revision.number if entry.revision else None,
        sha256=entry.revision.sha256 if entry.revision else "",
    )


def _signatures(
    article: Article, log: Sequence[LogEntry], rows: Sequence[SheetRow]
) -> list[Signature]:
    """Return the readings of the current round in order; earlier rounds stand in the rows."""
    signed: dict[str, SheetRow] = {}
    for entry, row in zip(log, rows, strict=True):
        if entry.move in {"submit", "correct"}:
            signed = {}
        elif entry.move == "pass":
            signed[entry.from_state] = row
    plan = rules.plan_for(article)
    return [
        Signature(str(READING_NAMES[state]), signed.get(state), state == article.state)
        for state in READINGS
        if state in plan or state in signed
    ]


def _facts(article: Article, at: dt.datetime) -> list[tuple[str, str]]:
    """Return label and value of what the sheet says about the article itself."""
    writers = article.bylines.select_related("contributor")
    placement = article.placements.select_related("page__issue").last()
    where = ""
    if placement is not None:
        page, issue = placement.page, placement.page.issue
        words = {"n": issue.number, "date": issue.date, "page": page.number, "name": page.name}
        where = _("No. %(n)d, %(date)s, page %(page)d %(name)s") % words
    out = article.story.release_at if article.story else None
    return [
        (_("Article number"), f"{article.pk}"),
        (_("State"), str(State(article.status(at)).label)),
        (_("Writer"), "、".join(f"{b.label or b.role} {b.contributor.name}" for b in writers)),
        (_("Length"), _("%(n)d characters") % {"n": article.chars}),
        (_("Section"), str(article.section or "")),
        (_("Towns"), "、".join(str(town) for town in article.towns.all())),
        (_("Issue and page"), where),
        (_("Released"), timezone.localtime(out).strftime("%Y-%m-%d %H:%M") if out else ""),
    ]
