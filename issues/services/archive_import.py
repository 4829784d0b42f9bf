"""Import of issues that the old paper has printed already; nobody signs them here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db.models import Max
from django.utils.translation import gettext as _

from articles.exceptions import Conflict, Invalid
from articles.models import Article
from articles.services import ArchiveMark
from paper.querysets import get_paper
from press import services as press
from press.models import EditionPage
from press.snapshot_hash import edition_sha256s

from ..models import Issue, Page, Placement
from . import plan_issue
from .audit_log import log_edition


def require_old(date: dt.date) -> None:
    """Raise Invalid for a day on or after the paper's start date."""
    start = get_paper().start_date
    if date >= start:
        raise Invalid(
            [
                _(
                    "Only issues before %(date)s can be imported as printed: from that day "
                    "on, the paper uses this system. Import the stories as drafts; they go "
                    "through the reviews."
                )
                % {"date": start.isoformat()}
            ]
        )


def archive_issue(*, date: dt.date, number: int | None) -> Issue:
    """Return the archived issue of a day, created with its edition if needed.

    Raises Invalid for a day on or after the paper's start date, and Conflict where the day has an
    issue that was made at this desk.
    """
    require_old(date)
    known = Issue.objects.filter(date=date, special="").first()
    if known is not None:
        if not known.is_archive:
            raise Conflict(
                _(
                    "This day already has an issue planned at this desk. Only old issues can be "
                    "imported."
                )
            )
        return known
    issue = plan_issue(date=date, user=None, number=number, pages=[(1, "")], is_archive=True)
    issue.pages.all().delete()
    issue.edition = press.publish_edition(
        press.Imprint(number=issue.number, date=date, part=issue.part),
        release_at=issue.release_at,
        pages=[],
        signed_by="",
        signed_at=None,
    )
    issue.state, issue.is_archive = Issue.State.SIGNED, True
    issue.save(update_fields=["edition", "state", "is_archive"])
    return issue


def archive_page(issue: Issue, number: int, name: str) -> tuple[Page, EditionPage, int]:
    """Return page `number` of an archived issue, its published page, and its last position.

    The page is created if needed. An old page without a known `name` has only its number.
    """
    assert issue.edition is not None
    page, made = Page.objects.get_or_create(issue=issue, number=number, defaults={"name": name})
    if made:
        printed = EditionPage.objects.create(edition=issue.edition, number=number, name=page.name)
        return page, printed, 0
    printed = EditionPage.objects.get(edition=issue.edition, number=number)
    return page, printed, page.placements.aggregate(last=Max("position"))["last"] or 0


def archive_placements(
    articles: Sequence[Article], places: Sequence[tuple[Page, int]], *, at: dt.datetime
) -> None:
    """Store the places of archived articles; the placements are closed from the start."""
    Placement.objects.bulk_create(
        Placement(page=page, article=article, position=position, is_open=False, placed_at=at)
        for article, (page, position) in zip(articles, places, strict=True)
    )


def seal(issue: Issue, mark: ArchiveMark, files: Sequence[str], *, at: dt.datetime) -> None:
    """Seal the current edition of an archived issue, and log who imported which files.

    Writes nothing where nothing was imported.
    """
    edition = issue.edition
    assert edition is not None
    if edition.sha256 and edition_sha256s([edition])[edition.pk] == edition.sha256:
        return
    details = {"operator": mark.operator, "files": list(files)}
    log_edition(issue, "archive", user=mark.user, at=at, name=mark.operator, details=details)
