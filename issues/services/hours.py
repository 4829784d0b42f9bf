"""The hours of an issue: its cut-off, its release, and an early or late release by the chief."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from articles.errors import Conflict, Invalid
from articles.models import Article
from articles.services import printing
from articles.services.machine import fetch_all
from press import services as press

from ..models import Issue
from .rules import is_open_for, lock, may_on_issues, require, require_open, require_version, touch


def may_set_hours(issue: Issue, user: User, at: dt.datetime) -> bool:
    """Return whether `user` may change the hours of `issue` at `at`; of what is out nobody may."""
    if issue.state == Issue.State.SIGNED:
        return may_on_issues("sign", user) and issue.release_at > at
    return may_on_issues("plan", user) and is_open_for(issue, user, at)


def set_hours(
    issue: Issue,
    *,
    cutoff_at: dt.datetime,
    release_at: dt.datetime,
    user: User,
    at: dt.datetime,
    version: int | None = None,
) -> Issue:
    """Give an issue that is not signed another cut-off and release; a later cut-off opens it again.

    Past the cut-off only the chief does. Raises Forbidden; Conflict where the issue is signed or
    has changed since `version`; Invalid for hours that have passed or stand the wrong way round.
    """
    require("plan", user)
    with transaction.atomic():
        issue = lock(issue.pk)
        require_version(issue, version)
        require_open(issue, user, at)
        problems = []
        if release_at <= at:
            problems.append(_("The hour of release has passed. Choose a later one."))
        if cutoff_at > release_at:
            problems.append(_("The cut-off must come before the release."))
        if cutoff_at != issue.cutoff_at and cutoff_at <= at:
            problems.append(
                _("The new cut-off has passed. Choose a later one, or close the issue instead.")
            )
        if problems:
            raise Invalid(problems)
        if cutoff_at > at:
            issue.state = Issue.State.PLANNING
        issue.cutoff_at, issue.release_at = cutoff_at, release_at
        issue.save(update_fields=["cutoff_at", "release_at", "state"])
        touch(issue)
    return issue


def reschedule(
    issue: Issue,
    *,
    release_at: dt.datetime | None,
    user: User,
    at: dt.datetime,
    version: int | None = None,
) -> Issue:
    """Let a signed issue come out earlier or later than it was signed for; None: at once.

    All its stories that nobody has seen yet move together, and their records say so. Raises
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
            raise Conflict(_("Sign the issue first: then its release can be moved."))
        if edition.release_at <= at:
            raise Conflict(_("The issue is out. Correct or withdraw single articles instead."))
        if when < at:
            raise Invalid([_("This time has passed. Choose a later one, or release now.")])
        try:
            _move_stories(issue, when, user, at)
            press.move_edition(edition, when, at=at)
        except press.NotInPrint as error:
            raise Conflict(_("The issue came out meanwhile.")) from error
        issue.release_at, issue.cutoff_at = when, min(issue.cutoff_at, when)
        issue.save(update_fields=["release_at", "cutoff_at"])
        touch(issue)
    return issue


def _move_stories(issue: Issue, when: dt.datetime, user: User, at: dt.datetime) -> None:
    unseen = Article.objects.filter(
        story__page__edition=issue.edition, story__release_at__gt=at, story__withdrawn_at=None
    )
    places = [
        printing.Place(article, article.story.page, article.story.position)
        for article in fetch_all(unseen.values_list("pk", flat=True))
        if article.story is not None
    ]
    printing.log_releases(places, release_at=when, user=user, at=at)
