"""Close, sign and reopen an issue."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from articles.exceptions import Conflict, Invalid
from articles.models import Article
from articles.services import publishing
from articles.services.transitions import release
from articles.services.transitions.engine import lock_articles
from articles.services.validation import require_seen
from bylines.services import display_name
from press import services as press
from press.models import Edition

from ..models import Issue, Placement
from ..standings import has_passed
from .anchor import anchor_on_commit
from .audit_log import append, conflict_message
from .page_images import publish_page_images
from .permissions import lock, require, require_version
from .readiness import blockers, describe


def close(issue: Issue, *, user: User, at: dt.datetime, version: int | None = None) -> Issue:
    """Close an issue: from now on only the chief changes it. Raises Forbidden, Conflict."""
    require("close", user)
    with transaction.atomic():
        issue = lock(issue.pk)
        require_version(issue, version)
        if issue.state != Issue.State.PLANNING:
            raise Conflict(conflict_message(issue))
        append(issue, "close", user=user, at=at, to_state=Issue.State.CLOSED)
    return issue


def sign(issue: Issue, *, user: User, at: dt.datetime, version: int | None) -> Issue:
    """Sign a closed issue as one: at its release all its stories become visible, or none.

    `version` is the version that the chief saw; None is refused. A story that is out already, ahead
    of the paper, keeps its time. If the release time has passed, all come out now. Raises
    Forbidden; Conflict where the issue is not closed or has changed since `version`; Invalid
    without a version, and with all blockers.
    """
    require("sign", user)
    require_seen(version)
    with transaction.atomic():
        issue = lock(issue.pk)
        require_version(issue, version)
        if issue.state == Issue.State.SIGNED:
            raise Conflict(_("The issue is already signed."))
        if not issue.is_closed(at):
            raise Conflict(_("Close the issue before you sign it."))
        found = blockers(issue, at)
        if found:
            raise Invalid([describe(blocker) for blocker in found])
        release_at = max(issue.release_at, at)
        edition = _print_edition(issue, release_at, user, at)
        append(
            issue,
            "sign",
            user=user,
            at=at,
            to_state=Issue.State.SIGNED,
            printed=edition.sha256,
            signed_by=user,
            signed_at=at,
            edition=edition,
            release_at=release_at,
        )
        Placement.objects.filter(page__issue=issue).update(is_open=False)
        anchor_on_commit("signature", at=at, by=display_name(user), note=str(issue))
    return issue


def _print_edition(issue: Issue, release_at: dt.datetime, user: User, at: dt.datetime) -> Edition:
    edition = press.publish_edition(
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
    articles = {one.pk: one for one in lock_articles(row.article_id for row in placements)}
    release.log_releases(
        [
            publishing.PrintedPlace(articles[row.article_id], pages[row.page.number], row.position)
            for row in placements
        ],
        release_at=release_at,
        user=user,
        at=at,
    )
    publish_page_images(issue, edition)
    press.seal_edition(edition)
    return edition


def reopen(issue: Issue, *, user: User, at: dt.datetime, version: int | None = None) -> Issue:
    """Reopen a closed issue, or void the signature of an issue that is not out yet.

    Raises Forbidden, Conflict.
    """
    require("reopen", user)
    with transaction.atomic():
        issue = lock(issue.pk)
        require_version(issue, version)
        if issue.state == Issue.State.SIGNED:
            return _void_signature(issue, user, at)
        if has_passed(issue.cutoff_at, at):
            raise Conflict(_("Its cut-off has passed. Set a later one to reopen the issue."))
        if issue.state != Issue.State.CLOSED:
            raise Conflict(conflict_message(issue))
        append(issue, "reopen", user=user, at=at, to_state=Issue.State.PLANNING)
    return issue


def _void_signature(issue: Issue, user: User, at: dt.datetime) -> Issue:
    edition = issue.edition
    if edition is None or edition.release_at <= at:
        raise Conflict(_("The issue is published. Correct or withdraw single articles instead."))
    Placement.objects.filter(page__issue=issue).update(is_open=True)
    unseen = Article.objects.filter(story__page__edition=edition, story__release_at__gt=at)
    release.cancel_release(lock_articles(unseen.values_list("pk", flat=True)), user=user, at=at)
    voided: dict[str, Any] = {"edition": None, "signed_by": None, "signed_at": None}
    append(issue, "void", user=user, at=at, to_state=Issue.State.PLANNING, **voided)
    press.unpublish_edition(edition, at=at)
    return issue
