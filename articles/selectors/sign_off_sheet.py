"""The sign-off sheet (审签单) of an article as one value, rendered as HTML and PDF."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from paper.models import Paper
from paper.permissions import Role
from paper.querysets import get_paper
from paper.reviews import REVIEW_NAMES

from ..issue_plan import issue_plan
from ..models import Article, LogEntry
from ..services.audit_verify import BrokenRecord, verify
from ..workflow.states import State
from .recent_changes import transition_label
from .review_rounds import ReviewRound, archive_entry, reviews_of, rounds_of

#: Length of a shortened SHA-256 where the sheet prints the whole hash elsewhere.
SHORT = 12


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One transition: its number from 1, its label, the user with role, and the revision."""

    number: int
    transition: str
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
    """One review of a round: signed by `row` or pending; `is_now` marks the current review."""

    label: str
    row: SheetRow | None
    is_now: bool


@dataclass(frozen=True, slots=True)
class SignedRound:
    """The signatures of one round of reviews; `label` is "" where there is only one."""

    label: str
    signatures: Sequence[Signature]


@dataclass(frozen=True, slots=True)
class SignOffSheet:
    """The content of the sheet at `at`; `broken` is None where the chain is intact.

    `archive` says who imported a story from the archive, "" for an article written here.
    """

    paper: Paper
    article: Article
    at: dt.datetime
    facts: Sequence[tuple[str, str]]
    rounds: Sequence[SignedRound]
    archive: str
    rows: Sequence[SheetRow]
    hashes: Sequence[tuple[int, str]]
    broken: BrokenRecord | None

    @property
    def headline(self) -> Sequence[str]:
        """Return the lines of the headline, or the title where there is none."""
        return self.article.headline.split("\n") if self.article.headline else [self.article.title]

    @property
    def verdict(self) -> str:
        """Return the result of the verification as a sentence."""
        if self.broken is None:
            return _("Log intact: %(n)d rows checked.") % {"n": len(self.rows)}
        if self.broken.row is None:
            return _("Record not intact: %(why)s") % {"why": self.broken.why}
        values = {"n": self.broken.row, "why": self.broken.why}
        return _("Log broken at row %(n)d: %(why)s") % values

    @property
    def file_name(self) -> str:
        """Return the name of the PDF, in Chinese, without characters that file systems reject."""
        title = "".join(c if c.isalnum() else "_" for c in self.article.title[:24]).strip("_")
        return f"{_('Sign-off sheet')}-{self.article.pk}-{title}.pdf"


def sign_off_sheet(article: Article, *, at: dt.datetime) -> SignOffSheet:
    """Return the sign-off sheet of `article` at `at`; this verifies its chain."""
    entries = article.log.select_related("revision").defer("revision__content").order_by("pk")
    log = list(entries)
    rows = [_row(number, entry) for number, entry in enumerate(log, start=1)]
    hashes = {row.revision: row.sha256 for row in rows if row.revision is not None}
    return SignOffSheet(
        paper=get_paper(),
        article=article,
        at=at,
        facts=_facts(article, at),
        rounds=_rounds(article, log, rows),
        archive=_archive(log),
        rows=rows,
        hashes=sorted(hashes.items()),
        broken=verify(article),
    )


def _row(number: int, entry: LogEntry) -> SheetRow:
    labels = dict(Role.choices)
    roles = [str(labels.get(role, role)) for role in entry.by_roles.split(",") if role]
    return SheetRow(
        number=number,
        transition=transition_label(entry.transition),
        name=entry.by_name or _("the system"),
        roles="、".join(roles),
        at=entry.at,
        note=entry.note,
        revision=entry.revision.number if entry.revision else None,
        sha256=entry.revision.sha256 if entry.revision else "",
    )


def _rounds(
    article: Article, log: Sequence[LogEntry], rows: Sequence[SheetRow]
) -> list[SignedRound]:
    """Return each round with its signatures in order; the last round is the current one."""
    rounds = rounds_of(log)
    return [
        SignedRound(
            _round_label(number, one) if len(rounds) > 1 or one.is_correction else "",
            [
                Signature(
                    str(REVIEW_NAMES[state]),
                    rows[one.signed[state]] if state in one.signed else None,
                    is_current and state == article.state,
                )
                for state in reviews_of(article, one, is_current=is_current)
            ],
        )
        for number, one in enumerate(rounds, start=1)
        for is_current in (one is rounds[-1],)
    ]


def _round_label(number: int, one: ReviewRound) -> str:
    if one.is_dropped and one.is_correction:
        return _("Round %(n)d: correction, not finished") % {"n": number}
    if one.is_dropped:
        return _("Round %(n)d: not finished") % {"n": number}
    if one.is_correction:
        return _("Round %(n)d: correction") % {"n": number}
    return _("Round %(n)d") % {"n": number}


def _archive(log: Sequence[LogEntry]) -> str:
    entry = archive_entry(log)
    if entry is None:
        return ""
    values = {
        "name": entry.details.get("operator") or entry.by_name or _("the system"),
        "time": timezone.localtime(entry.at).strftime("%Y-%m-%d %H:%M"),
        "file": entry.details.get("file", ""),
    }
    if values["file"]:
        return (
            _(
                "Archive: imported as printed by %(name)s, %(time)s, from the file %(file)s; "
                "not reviewed in this system."
            )
            % values
        )
    return (
        _("Archive: imported as printed by %(name)s, %(time)s; not reviewed in this system.")
        % values
    )


def _facts(article: Article, at: dt.datetime) -> list[tuple[str, str]]:
    """Return labels and values of the article's metadata on the sheet."""
    writers = article.bylines.select_related("contributor")
    place = issue_plan().places_of([article.pk]).get(article.pk)
    where = ""
    if place is not None:
        values = {
            "n": place.issue_number,
            "date": place.date,
            "page": place.page_number,
            "name": place.page_name,
        }
        where = _("No. %(n)d, %(date)s, page %(page)d %(name)s") % values
    out = article.story.release_at if article.story else None
    return [
        (_("Article number"), f"{article.pk}"),
        (_("State"), str(State(article.status(at)).label)),
        (_("Writer"), "、".join(f"{b.label or b.role} {b.contributor.name}" for b in writers)),
        (_("Length"), _("%(n)d characters") % {"n": article.chars}),
        (_("Section"), str(article.section or "")),
        (_("Genre"), str(article.genre or "")),
        (_("Towns"), "、".join(str(town) for town in article.towns.all())),
        (_("Issue and page"), where),
        (_("Released"), timezone.localtime(out).strftime("%Y-%m-%d %H:%M") if out else ""),
    ]
