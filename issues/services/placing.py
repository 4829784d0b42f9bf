"""Put articles on the pages of an issue, and take them off."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from articles.errors import Conflict, Hidden
from articles.models import Article
from articles.services.rules import may, meanwhile
from articles.states import State

from ..models import Page, Placement
from .rules import lock, require, require_open, touch

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
) -> Placement:
    """Put an article on a page, at `position` (from 1) or last; from another open page it moves.

    After the cut-off only the chief adds. `user` None is the operator at the console; `version`
    is the one of the article that was looked at. Raises Hidden, Forbidden, Conflict.
    """
    if user is not None:
        require("place", user)
    with transaction.atomic():
        issue = lock(page.issue_id)
        require_open(issue, user, at)
        article = Article.objects.select_for_update(of=("self",)).get(pk=article.pk)
        if user is not None and not may(article, "view", user, at):
            raise Hidden(_("There is no such article."))
        if version is not None and article.version != version:
            raise Conflict(meanwhile(article, at))
        if article.status(at) not in PLACEABLE:
            raise Conflict(_("This article is spiked, withdrawn or out already."))
        story = article.story
        if story is not None and (story.page_id is not None or story.release_at <= at):
            raise Conflict(_("This article is in print, or belongs to a signed issue."))
        _require_leavable(article, user, at)
        Placement.objects.filter(article=article, is_open=True).delete()
        count = page.placements.count()
        slot = count + 1 if position is None else max(1, min(position, count + 1))
        page.placements.filter(position__gte=slot).update(position=F("position") + 1)
        placement = Placement.objects.create(
            page=page, article=article, position=slot, placed_by=user, placed_at=at
        )
        renumber(page)
        touch(issue)
    return placement


def _require_leavable(article: Article, user: User | None, at: dt.datetime) -> None:
    """Raise where the article stands in another issue that this person may not change now."""
    open_place = Placement.objects.filter(article=article, is_open=True).select_related(
        "page__issue"
    )
    for placement in open_place:
        require_open(placement.page.issue, user, at)


def unplace(placement: Placement, *, user: User, at: dt.datetime) -> None:
    """Take an article off its page. Raises Forbidden, Conflict."""
    require("place", user)
    with transaction.atomic():
        issue = lock(placement.page.issue_id)
        require_open(issue, user, at)
        if not may(placement.article, "view", user, at):
            raise Hidden(_("There is no such article."))
        if not Placement.objects.filter(pk=placement.pk, is_open=True).delete()[0]:
            raise Conflict(_("Somebody has taken the article off this page already."))
        renumber(placement.page)
        touch(issue)


def renumber(page: Page) -> None:
    """Number the placements of `page` from 1 without gaps."""
    for number, placement in enumerate(page.placements.order_by("position", "id"), start=1):
        if placement.position != number:
            Placement.objects.filter(pk=placement.pk).update(position=number)


def take_off_dropped(article: Article) -> None:
    """Take a spiked article off the page that it stood on, so that its place is free."""
    with transaction.atomic():
        placement = (
            Placement.objects.filter(article=article, is_open=True, article__state=State.SPIKED)
            .select_related("page")
            .first()
        )
        if placement is None:
            return
        issue = lock(placement.page.issue_id)
        placement.delete()
        renumber(placement.page)
        touch(issue)
