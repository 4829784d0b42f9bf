"""Close, sign and reopen an issue."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from articles.errors import Conflict, Invalid
from articles.models import Article
from articles.services import printing
from articles.services.machine import fetch_all
from bylines.services import display_name
from press import services as press
from press.models import Edition

from ..models import Issue, Placement
from .readiness import blockers, describe
from .rules import change_state, lock, require, require_version
from .sheets import print_sheets


def close(issue: Issue, *, user: User, at: dt.datetime) -> Issue:
    """Close an issue: from now on only the chief changes it. Raises Forbidden, Conflict."""
    require("close", user)
    return change_state(issue, Issue.State.PLANNING, Issue.State.CLOSED)


def sign(issue: Issue, *, user: User, at: dt.datetime, version: int | None = None) -> Issue:
    """Sign an issue that is closed as one: all its stories become visible at its release, or none.

    A story that is out already, ahead of the paper, keeps its time. Signed after the hour of
    release, all come out now. Raises Forbidden; Conflict where the issue is not closed or has
    changed since `version`; Invalid with all that blocks.
    """
    require("sign", user)
    with transaction.atomic():
        issue = lock(issue.pk)
        require_version(issue, version)
        if issue.state == Issue.State.SIGNED:
            raise Conflict(_("The issue is signed already."))
        if not issue.is_closed(at):
            raise Conflict(_("Close the issue before you sign it."))
        found = blockers(issue, at)
        if found:
            raise Invalid([describe(blocker) for blocker in found])
        release_at = max(issue.release_at, at)
        edition = _print_edition(issue, release_at, user, at)
        issue = change_state(
            issue,
            issue.state,
            Issue.State.SIGNED,
            signed_by=user,
            signed_at=at,
            edition=edition,
        )
        Placement.objects.filter(page__issue=issue).update(is_open=False)
    return issue


def _print_edition(issue: Issue, release_at: dt.datetime, user: User, at: dt.datetime) -> Edition:
    edition = press.print_edition(
        press.Imprint(
            number=issue.number,
            date=issue.date,
            part=issue.part,
            year_number=issue.year_number,
            special=issue.special,
        ),
        release_at=release_at,
        pages=list(issue.pages.values_list("number", "name")),
        signed_by=display_name(user),
        signed_at=at,
    )
    pages = {page.number: page for page in edition.pages.all()}
    placements = list(Placement.objects.filter(page__issue=issue).in_order())
    articles = {one.pk: one for one in fetch_all(row.article_id for row in placements)}
    printing.log_releases(
        [
            printing.Place(articles[row.article_id], pages[row.page.number], row.position)
            for row in placements
        ],
        release_at=release_at,
        user=user,
        at=at,
    )
    print_sheets(issue, edition)
    press.seal_edition(edition)
    return edition


def reopen(issue: Issue, *, user: User, at: dt.datetime) -> Issue:
    """Open a closed issue again, or void the signature of one that is not out yet.

    Raises Forbidden, Conflict.
    """
    require("reopen", user)
    with transaction.atomic():
        issue = lock(issue.pk)
        if issue.state == Issue.State.SIGNED:
            return _void_signature(issue, user, at)
        if issue.cutoff_at <= at:
            raise Conflict(_("Its cut-off has passed. Set a later one to open the issue again."))
        return change_state(issue, Issue.State.CLOSED, Issue.State.PLANNING)


def _void_signature(issue: Issue, user: User, at: dt.datetime) -> Issue:
    edition = issue.edition
    if edition is None or edition.release_at <= at:
        raise Conflict(_("The issue is out. Correct or withdraw single articles instead."))
    Placement.objects.filter(page__issue=issue).update(is_open=True)
    unseen = Article.objects.filter(story__page__edition=edition, story__release_at__gt=at)
    printing.take_back(fetch_all(unseen.values_list("pk", flat=True)), user=user, at=at)
    voided = {"edition": None, "signed_by": None, "signed_at": None}
    issue = change_state(issue, Issue.State.SIGNED, Issue.State.PLANNING, **voided)
    press.unprint_edition(edition, at=at)
    return issue
