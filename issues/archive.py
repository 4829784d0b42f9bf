"""Issues that the old paper has printed already: brought in as they were, signed by nobody here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db.models import Max
from django.utils.translation import gettext as _

from articles.errors import Conflict
from articles.models import Article
from press import services as press
from press.models import EditionPage

from .models import Issue, Page, Placement
from .services import plan_issue


def archive_issue(*, date: dt.date, number: int | None, at: dt.datetime) -> Issue:
    """Return the archived issue of a day, made with its edition where there is none yet.

    Raises Conflict where the day has an issue that was made at this desk.
    """
    known = Issue.objects.filter(date=date, special="").first()
    if known is not None:
        if not known.is_archive:
            raise Conflict(_("This day has an issue of this desk. Only old issues are brought in."))
        return known
    issue = plan_issue(date=date, user=None, number=number, pages=[(1, "")], is_archive=True)
    issue.pages.all().delete()
    issue.edition = press.print_edition(
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
    """Return page `number` of an archived issue, as it is in print, and its last position.

    It is made where there is none yet. An old page whose `name` nobody knows has its number alone.
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
    """Note where archived articles stood; the placements are closed from the start."""
    Placement.objects.bulk_create(
        Placement(page=page, article=article, position=position, is_open=False, placed_at=at)
        for article, (page, position) in zip(articles, places, strict=True)
    )


def seal(issue: Issue) -> str:
    """Write the SHA-256 of an archived issue's edition and return it."""
    assert issue.edition is not None
    return press.seal_edition(issue.edition)
