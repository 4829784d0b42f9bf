"""Querysets of articles: which articles a user may read at the desk."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import User
from django.db import models
from django.db.models import Exists, F, Prefetch, Q
from django.db.models.functions import Coalesce, Left

from bylines.models import Contributor
from paper.models import Paper
from paper.permissions import CAPABILITIES, Capability, Role
from photos.models import PhotoCredit

from .issue_plan import issue_plan
from .workflow.states import REVIEWS, State
from .workflow.transitions import REVIEWERS, Actor

if TYPE_CHECKING:
    from .models import Article, Genre

#: A taken article is free again after this idle time.
HOLD = dt.timedelta(minutes=30)
#: Length of the start of a body that is read for a title, in characters of HTML.
OPENING = 400


def free_for(user: User | None, at: dt.datetime) -> Q:
    """Return the condition that an article is free at `at`, or taken by `user`.

    A taken article is free again after 30 idle minutes, or when its reviewer is deactivated.
    """
    # No join: an UPDATE would evaluate it on a snapshot and let a second user through.
    gone = User.objects.filter(is_active=False)
    free = Q(taken_by=None) | Q(taken_at__lt=at - HOLD) | Q(taken_by__in=gone)
    return free if user is None else free | Q(taken_by=user)


def signed_by(actor: Actor) -> Q:
    """Return the condition that the user signed a review of the article's current round.

    It matches nothing if the paper allows one user to sign several reviews.
    """
    from .models import Review

    is_forbidden = ~Exists(Paper.objects.filter(allow_same_reviewer=True))
    signed = Review.objects.filter(is_forbidden, reviewer=actor.user, round=F("article__round"))
    return Q(pk__in=signed.values("article"))


#: Submitted articles. A correction that was returned is a draft, but its story is published.
_HANDED_IN = ~Q(state=State.DRAFT) | Q(story__isnull=False)


class ArticleQuerySet(models.QuerySet["Article"]):
    """Articles, restricted to what a user may see."""

    def own(self, actor: Actor) -> ArticleQuerySet:
        """Return the articles that the user created or is credited in (scope "own")."""
        return self.filter(self._own(actor))

    def _own(self, actor: Actor) -> Q:
        from .models import Byline

        # Not EXISTS: evaluated for each article, it takes ten times as long with 20,000 articles.
        own = Contributor.objects.of_login(actor.user).order_by()
        signed = Byline.objects.filter(contributor__in=own.values("pk")).values("article")
        return Q(created_by=actor.user) | Q(pk__in=signed)

    def visible_to(self, actor: Actor, at: dt.datetime) -> ArticleQuerySet:
        """Return the articles that the user may open: the VIEW table as a query."""
        if actor.may(Capability.SEE_EVERYTHING):
            return self
        allowed = self._own(actor) | self._in_charge(actor)
        if actor.may(Capability.OVERSEE_ARTICLES):
            return self.filter(allowed)
        if actor.may(Capability.SEE_SUBMITTED):
            allowed |= Q(state=State.APPROVED)
        elif actor.roles:
            allowed |= Q(state=State.APPROVED, story__release_at__lte=at)
            allowed |= Q(state=State.APPROVED, section__in=actor.section_ids)
        return self.filter(allowed | self._by_post(actor))

    def record_visible_to(self, actor: Actor) -> ArticleQuerySet:
        """Return the articles whose record the user may see: the HISTORY table as a query."""
        if actor.may(Capability.SEE_EVERYTHING):
            return self
        return self.filter(self._own(actor) | self._in_charge(actor) | self._proofread(actor))

    def _in_charge(self, actor: Actor) -> Q:
        """Return the condition for articles that heads, and editors of the section, review."""
        if actor.may(Capability.OVERSEE_ARTICLES):
            return _HANDED_IN
        if actor.may(Capability.SEE_SUBMITTED):
            return _HANDED_IN & Q(section__in=actor.section_ids)
        return Q(pk__in=[])

    def _proofread(self, actor: Actor) -> Q:
        """Return the condition for articles that proofreaders see."""
        if not actor.may(Capability.PROOFREAD):
            return Q(pk__in=[])
        return _HANDED_IN & Q(state__in=[State.DRAFT, *REVIEWS, State.APPROVED])

    def _by_post(self, actor: Actor) -> Q:
        """Return the condition for articles that proofreaders, layout and the town office see."""
        from .models import ArticleTown

        allowed = self._proofread(actor)
        if actor.may(Capability.LAY_OUT_PAGES):
            allowed |= Q(state=State.APPROVED) | issue_plan().placed()
        if actor.may(Capability.FOLLOW_TOWN):
            of_town = ArticleTown.objects.filter(town=actor.town_id or 0).values("article")
            of_unit = Q(unit=actor.unit) if actor.unit else Q(pk__in=[])
            allowed |= _HANDED_IN & (Q(pk__in=of_town) | of_unit)
        return allowed

    def listed_for(self, actor: Actor, at: dt.datetime) -> ArticleQuerySet:
        """Return the articles in the user's lists; for correspondents only their own."""
        if not actor.may(Capability.LIST_ALL_ARTICLES):
            return self.own(actor)
        return self.visible_to(actor, at)

    def waiting_for(self, actor: Actor, at: dt.datetime) -> ArticleQuerySet:
        """Return the articles in a review that the user may take now, oldest first.

        Articles of which the user signed another review are left out.
        """
        return self.to_review_by(actor).filter(free_for(actor.user, at)).exclude(signed_by(actor))

    def for_another_reviewer(self, actor: Actor) -> ArticleQuerySet:
        """Return the articles whose current review the user may not sign, having signed another."""
        return self.to_review_by(actor).filter(signed_by(actor))

    def taken_by_reviewer(self, actor: Actor) -> ArticleQuerySet:
        """Return the articles that the user has taken for a review, oldest first.

        They stay in the list after 30 idle minutes until another user takes them.
        """
        return self.to_review_by(actor).filter(taken_by=actor.user)

    def to_review_by(self, actor: Actor) -> ArticleQuerySet:
        """Return the articles whose review the user may sign, taken or not, oldest first."""
        waiting = Q(pk__in=[])
        for state in REVIEWS:
            able = REVIEWERS[state] & actor.roles
            if able - {Role.EDITOR}:
                waiting |= Q(state=state)
            elif able:
                waiting |= Q(state=state, section__in=actor.section_ids)
        return self.filter(waiting).exclude(self._own(actor)).order_by("submitted_at", "id")

    def for_lists(self) -> ArticleQuerySet:
        """Return the articles with the columns of a desk list, without their bodies.

        `opening` is the start of the body, from which an article without a headline gets its title.
        A screen of several lists drops the prefetches (`prefetch_related(None)`) and loads related
        rows once.
        """
        return (
            self.select_related("section", "story", "taken_by", "created_by")
            .prefetch_related(*row_parts())
            .annotate(opening=Left("body", OPENING))
            .defer("body", "story__body")
        )

    def whole(self) -> ArticleQuerySet:
        """Return the articles with bylines, photos, tags and towns, for the article screen."""
        credits = PhotoCredit.objects.select_related("contributor")
        return self.select_related(
            "story", "section__paper", "genre", "taken_by", "created_by"
        ).prefetch_related(
            *row_parts(),
            Prefetch("article_photos__photo__credits", credits),
            # The stubs do not know that taggit's manager supports this.
            "tags",  # type: ignore[misc]
        )


def row_parts() -> list[Prefetch[str]]:
    """Return the prefetches of a row in a desk list."""
    from .models import ArticlePhoto, Byline

    return [
        Prefetch("towns"),
        Prefetch("bylines", Byline.objects.select_related("contributor__merged_into")),
        Prefetch("article_photos", ArticlePhoto.objects.select_related("photo")),
    ]


def signers_of(article: Article) -> models.QuerySet[Any, int]:
    """Return the ids of the logins in the byline, including those of merged contributors."""
    from .models import Byline

    rows = Byline.objects.filter(article=article).order_by()
    login = Coalesce("contributor__user", "contributor__merged_into__user")
    return rows.annotate(login=login).exclude(login=None).values_list("login", flat=True)


def people_of_record(article: Article) -> models.QuerySet[User]:
    """Return the users who see the record of `article`: the HISTORY table as a query."""
    allowed = Q(pk=article.created_by_id or 0) | Q(pk__in=signers_of(article))
    see_all = CAPABILITIES[Capability.SEE_EVERYTHING]
    allowed |= Q(groups__name__in=see_all) | Q(is_superuser=True)
    if article.state != State.DRAFT or article.story_id is not None:
        readers = CAPABILITIES[Capability.SEE_SUBMITTED]
        allowed |= Q(groups__name__in=readers - {Role.EDITOR})
        allowed |= Q(groups__name=Role.EDITOR, sections=article.section_id or 0)
        if article.state not in {State.SPIKED, State.WITHDRAWN}:
            allowed |= Q(groups__name__in=CAPABILITIES[Capability.PROOFREAD])
    return User.objects.filter(allowed, is_active=True).distinct()


def commenters_of(article: Article) -> models.QuerySet[User]:
    """Return the users who see the record of `article`, and so may comment on it."""
    able = Q(groups__name__in=CAPABILITIES[Capability.COMMENT]) | Q(is_superuser=True)
    may_comment = User.objects.filter(able).values("pk")
    return people_of_record(article).filter(pk__in=may_comment)


def genres_in_use(beside: int | None = None) -> models.QuerySet[Genre]:
    """Return the genres in use in order; `beside` is the id of one that an article has already."""
    from .models import Genre

    return Genre.objects.filter(Q(is_active=True) | Q(pk=beside or 0))
