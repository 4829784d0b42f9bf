"""Deadlines of an issue: cut-off and release, and rescheduling by the chief."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from articles.exceptions import Conflict, Invalid
from articles.models import Article
from articles.services import publishing
from articles.services.transitions import release
from articles.services.transitions.engine import lock_articles
from press import services as press
from textkit.digest import utc

from ..models import Issue
from .audit_log import append
from .permissions import is_open_for, lock, may_on_issues, require, require_open, require_version


def may_set_deadlines(issue: Issue, user: User, at: dt.datetime) -> bool:
    """Return whether `user` may change the deadlines of `issue`; never after its release."""
    if issue.state == Issue.State.SIGNED:
        return may_on_issues("sign", user) and issue.release_at > at
    return may_on_issues("plan", user) and is_open_for(issue, user, at)


def set_deadlines(
    issue: Issue,
    *,
    cutoff_at: dt.datetime,
    release_at: dt.datetime,
    user: User,
    at: dt.datetime,
    version: int | None = None,
) -> Issue:
    """Set the cut-off and release of an unsigned issue; a later cut-off opens it again.

    After the cut-off only the chief may do this. Raises Forbidden; Conflict where the issue is
    signed or has changed since `version`; Invalid for times that have passed or are in the wrong
    order.
    """
    require("plan", user)
    with transaction.atomic():
        issue = lock(issue.pk)
        require_version(issue, version)
        require_open(issue, user, at)
        problems = []
        if release_at <= at:
            problems.append(_("The release time has passed. Choose a later one."))
        if cutoff_at > release_at:
            problems.append(_("The cut-off must be before the release."))
        if cutoff_at != issue.cutoff_at and cutoff_at <= at:
            problems.append(
                _("The new cut-off has passed. Choose a later one, or close the issue instead.")
            )
        if problems:
            raise Invalid(problems)
        append(
            issue,
            "hours",
            user=user,
            at=at,
            to_state=Issue.State.PLANNING if cutoff_at > at else "",
            details={"cutoff_at": utc(cutoff_at), "release_at": utc(release_at)},
            cutoff_at=cutoff_at,
            release_at=release_at,
        )
    return issue


def reschedule(
    issue: Issue,
    *,
    release_at: dt.datetime | None,
    user: User,
    at: dt.datetime,
    version: int | None = None,
) -> Issue:
    """Change the release time of a signed issue; None means now.

    All its stories that readers have not seen yet move together, and their records say so. Raises
    Forbidden; Conflict where it is not signed, is out, or has changed since `version`; Invalid for
    a time that has passed.
    """
    require("sign", user)
    when = release_at or at
    with transaction.atomic():
        issue = lock(issue.pk)
        require_version(issue, version)
        edition = issue.edition
        if issue.state != Issue.State.SIGNED or edition is None:
            raise Conflict(_("Sign the issue before you move its release."))
        if edition.release_at <= at:
            raise Conflict(
                _("The issue is published. Correct or withdraw single articles instead.")
            )
        if when < at:
            raise Invalid([_("This time has passed. Choose a later one, or release now.")])
        try:
            _move_stories(issue, when, user, at)
            press.move_edition(edition, when, at=at)
        except press.NotPublished as error:
            raise Conflict(_("The issue has just been published.")) from error
        append(
            issue,
            "reschedule",
            user=user,
            at=at,
            printed=press.seal_edition(edition),
            details={"release_at": utc(when)},
            release_at=when,
            cutoff_at=min(issue.cutoff_at, when),
        )
    return issue


def _move_stories(issue: Issue, when: dt.datetime, user: User, at: dt.datetime) -> None:
    unseen = Article.objects.filter(
        story__page__edition=issue.edition, story__release_at__gt=at, story__withdrawn_at=None
    )
    places = [
        publishing.PrintedPlace(article, article.story.page, article.story.position)
        for article in lock_articles(unseen.values_list("pk", flat=True))
        if article.story is not None
    ]
    release.log_releases(places, release_at=when, user=user, at=at)
