"""Placement of articles on the pages of an issue: place, move and remove them."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from articles.exceptions import Conflict, Hidden, Invalid
from articles.models import Article
from articles.selectors.recent_changes import conflict_message
from articles.services.permissions import may
from articles.workflow.states import State

from ..models import Issue, Page, Placement
from .permissions import lock_all, require, require_open, touch

#: States of an article that can be planned for an issue.
PLACEABLE = frozenset(set(State) - {State.SPIKED, State.WITHDRAWN, State.PUBLISHED})


def place(
    article: Article,
    page: Page,
    *,
    user: User | None,
    at: dt.datetime,
    position: int | None = None,
    version: int | None = None,
    seen: int | None = None,
) -> Placement:
    """Place an article on a page, at `position` (from 1) or last; moves it from another open page.

    After the cut-off only the chief may add. `user` None is the console operator. `version` is the
    article version that the user saw, `seen` the id of its placement at that time, 0 for none.
    Raises Hidden, Forbidden, Conflict.
    """
    if user is not None:
        require("place", user)
    with transaction.atomic():
        issues = lock_all({page.issue_id, *_issues_of(article)})
        for issue in issues:
            require_open(issue, user, at)
        article = Article.objects.select_for_update(of=("self",)).get(pk=article.pk)
        _require_placeable(article, user, at, version)
        old = Placement.objects.filter(article=article, is_open=True).select_related("page").first()
        if seen is not None and seen != (old.pk if old else 0):
            raise Conflict(_("Somebody has just moved this article. Please check again."))
        placement = _put(article, page, old, position)
        placement.placed_by, placement.placed_at = user, at
        placement.save()
        renumber(page)
        for issue in issues:
            touch(issue)
    return placement


def _issues_of(article: Article) -> set[int]:
    """Return the ids of the issues with open pages on which the article is placed."""
    rows = Placement.objects.filter(article=article, is_open=True)
    return set(rows.values_list("page__issue_id", flat=True))


def _require_placeable(
    article: Article, user: User | None, at: dt.datetime, version: int | None
) -> None:
    if user is not None and not may(article, "view", user, at):
        raise Hidden(_("There is no such article."))
    if version is not None and article.version != version:
        raise Conflict(conflict_message(article, at))
    if article.status(at) not in PLACEABLE:
        raise Conflict(_("This article is spiked, withdrawn or already published."))
    story = article.story
    if story is not None and (story.page_id is not None or story.release_at <= at):
        raise Conflict(_("This article is published or belongs to a signed issue."))


def _put(article: Article, page: Page, old: Placement | None, position: int | None) -> Placement:
    """Return the article's new placement, unsaved; it keeps its column if the page has it."""
    column = old.column if old is not None and old.column in page.columns else ""
    over = _goes_on(old, page) if old is not None else None
    if old is not None:
        old.delete()
        renumber(old.page)
    count = page.placements.count()
    slot = count + 1 if position is None else max(1, min(position, count + 1))
    page.placements.filter(position__gte=slot).update(position=F("position") + 1)
    return Placement(page=page, article=article, position=slot, column=column, continued_on=over)


def _goes_on(old: Placement, page: Page) -> Page | None:
    """Return the page on which an article is still continued when it moves to `page`."""
    over = old.continued_on
    return over if over and over.issue_id == page.issue_id and over.pk != page.pk else None


def unplace(placement: Placement, *, user: User, at: dt.datetime) -> None:
    """Take an article off its page. Raises Hidden, Forbidden, Conflict."""
    require("place", user)
    with transaction.atomic():
        issue = _open_issue(placement, user, at)
        placement.delete()
        renumber(placement.page)
        touch(issue)


def _open_issue(placement: Placement, user: User, at: dt.datetime) -> Issue:
    """Return the locked issue of a placement that `user` may change. Raises Hidden, Conflict."""
    (issue,) = lock_all({placement.page.issue_id})
    require_open(issue, user, at)
    if not may(placement.article, "view", user, at):
        raise Hidden(_("There is no such article."))
    if not Placement.objects.filter(pk=placement.pk, is_open=True).exists():
        raise Conflict(_("Somebody has already taken the article off this page."))
    return issue


def set_column(placement: Placement, column: str, *, user: User, at: dt.datetime) -> None:
    """Set the standing column of its page that an article fills; "" for none.

    Raises Hidden, Forbidden, Conflict; Invalid for a column that the page does not have.
    """
    require("place", user)
    with transaction.atomic():
        issue = _open_issue(placement, user, at)
        if column and column not in placement.page.columns:
            raise Invalid([_("This page has no such column.")])
        Placement.objects.filter(pk=placement.pk).update(column=column)
        touch(issue)


def swap(one: Placement, other: Placement, *, user: User, at: dt.datetime) -> None:
    """Swap the places of two articles, in one issue or two. Raises Hidden, Forbidden, Conflict."""
    require("place", user)
    with transaction.atomic():
        # Lock both before reading either, so that two crossing swaps cannot deadlock.
        lock_all({one.page.issue_id, other.page.issue_id})
        issues = {_open_issue(placement, user, at) for placement in (one, other)}
        for placement, to in ((one, other), (other, one)):
            column = placement.column if placement.column in to.page.columns else ""
            Placement.objects.filter(pk=placement.pk).update(
                page=to.page,
                position=to.position,
                column=column,
                continued_on=_goes_on(placement, to.page),
            )
        for issue in issues:
            touch(issue)


def carry_over(placement: Placement, *, user: User, at: dt.datetime) -> Placement:
    """Move an article to the next issue, on the page of the same name or number.

    Raises Hidden, Forbidden, Conflict; Invalid where no later issue is planned.
    """
    now = placement.page.issue
    later = Issue.objects.open().filter(special="", date__gt=now.date).first()
    page = _page_like(placement.page, later) if later is not None else None
    if page is None:
        raise Invalid([_("No later issue is planned. Plan one first.")])
    return place(placement.article, page, user=user, at=at, seen=placement.pk)


def _page_like(page: Page, issue: Issue) -> Page | None:
    pages = list(issue.pages.all())
    named = [one for one in pages if one.name == page.name]
    numbered = [one for one in pages if one.number == page.number]
    return next(iter([*named, *numbered, *pages]), None)


def renumber(page: Page) -> None:
    """Number the placements of `page` from 1 without gaps."""
    for number, placement in enumerate(page.placements.order_by("position", "id"), start=1):
        if placement.position != number:
            Placement.objects.filter(pk=placement.pk).update(position=number)


def take_off_dropped(article: Article) -> None:
    """Take a spiked article off its page, so that its place is free."""
    with transaction.atomic():
        placement = (
            Placement.objects.filter(article=article, is_open=True, article__state=State.SPIKED)
            .select_related("page")
            .first()
        )
        if placement is None:
            return
        (issue,) = lock_all({placement.page.issue_id})
        placement.delete()
        renumber(placement.page)
        touch(issue)
