"""What may be read of articles at the desk."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.db import models
from django.db.models import Exists, F, Prefetch, Q
from django.db.models.functions import Left

from paper.models import Paper
from photos.models import PhotoCredit

from .states import READINGS, State
from .workflow import READERS, Actor, Role

if TYPE_CHECKING:
    from .models import Article

#: A taken article that is left alone is free again after this time (design §4).
HOLD = dt.timedelta(minutes=30)
#: So much of a body is read for a title, in characters of HTML.
OPENING = 400


def free_for(user: User | None, at: dt.datetime) -> Q:
    """Return the condition that an article waits for anybody at `at`, or is with `user`.

    Taken and left alone for 30 minutes it is free again, and when its reader is shut out.
    """
    # Not a join: in an UPDATE it would ask a snapshot, and let a second one through.
    gone = User.objects.filter(is_active=False)
    free = Q(taken_by=None) | Q(taken_at__lt=at - HOLD) | Q(taken_by__in=gone)
    return free if user is None else free | Q(taken_by=user)


def signed_by(actor: Actor) -> Q:
    """Return the condition that the person signed a reading of the article's present round.

    It holds for none where the paper lets one person sign several (design §4).
    """
    from .models import Reading

    is_forbidden = ~Exists(Paper.objects.filter(allow_same_reader=True))
    signed = Reading.objects.filter(is_forbidden, reader=actor.user, round=F("article__round"))
    return Q(pk__in=signed.values("article"))


class ArticleQuerySet(models.QuerySet["Article"]):
    """Articles, as far as a person may see them."""

    def own(self, actor: Actor) -> ArticleQuerySet:
        """Return the articles that the person created or signs (scope "own")."""
        return self.filter(self._own(actor))

    def _own(self, actor: Actor) -> Q:
        from .models import Byline

        # Not EXISTS: asked of each article in turn, it takes ten times as long among 20,000.
        signed = Byline.objects.filter(contributor__user=actor.user).values("article")
        return Q(created_by=actor.user) | Q(pk__in=signed)

    def visible_to(self, actor: Actor, at: dt.datetime) -> ArticleQuerySet:
        """Return the articles that the person may open: the VIEW table as a query."""
        if actor.has(Role.ADMINISTRATOR):
            return self
        allowed = self._own(actor)
        # A correction that was returned is a draft, but its story is in print.
        is_handed_in = ~Q(state=State.DRAFT) | Q(story__isnull=False)
        if actor.has(Role.HEAD, Role.CHIEF):
            allowed |= is_handed_in
        elif actor.has(Role.EDITOR):
            allowed |= Q(state=State.APPROVED)
            allowed |= is_handed_in & Q(section__in=actor.section_ids)
        elif actor.roles:
            allowed |= Q(state=State.APPROVED, story__release_at__lte=at)
            allowed |= Q(state=State.APPROVED, section__in=actor.section_ids)
        return self.filter(allowed)

    def listed_for(self, actor: Actor, at: dt.datetime) -> ArticleQuerySet:
        """Return the articles in the person's lists: a correspondent's are his own."""
        if actor.roles <= {Role.CORRESPONDENT}:
            return self.own(actor)
        return self.visible_to(actor, at)

    def waiting_for(self, actor: Actor, at: dt.datetime) -> ArticleQuerySet:
        """Return the articles in a reading that the person may take now, oldest first.

        One of which he signed another reading waits for somebody else.
        """
        return self.to_read_by(actor).filter(free_for(actor.user, at)).exclude(signed_by(actor))

    def for_another_reader(self, actor: Actor) -> ArticleQuerySet:
        """Return the articles whose reading he may not sign: he signed another one of them."""
        return self.to_read_by(actor).filter(signed_by(actor))

    def taken_by_reader(self, actor: Actor) -> ArticleQuerySet:
        """Return the articles that the person has taken for a reading, oldest first.

        They stay in his list after 30 minutes, as long as nobody else takes them.
        """
        return self.to_read_by(actor).filter(taken_by=actor.user)

    def to_read_by(self, actor: Actor) -> ArticleQuerySet:
        """Return the articles whose reading is the person's to make, taken or not, oldest first."""
        waiting = Q(pk__in=[])
        for state in READINGS:
            able = READERS[state] & actor.roles
            if able - {Role.EDITOR}:
                waiting |= Q(state=state)
            elif able:
                waiting |= Q(state=state, section__in=actor.section_ids)
        return self.filter(waiting).exclude(self._own(actor)).order_by("submitted_at", "id")

    def for_lists(self) -> ArticleQuerySet:
        """Return the articles with what a desk list shows, without their bodies.

        `opening` is the start of the body: who has no headline is named by it. A screen of several
        lists takes the rows alone (`prefetch_related(None)`) and reads their parts together.
        """
        return (
            self.select_related("section", "story", "taken_by", "created_by")
            .prefetch_related(*row_parts())
            .annotate(opening=Left("body", OPENING))
            .defer("body", "story__body")
        )

    def whole(self) -> ArticleQuerySet:
        """Return the articles with all that `parts` gives, for the screen of one."""
        credits = PhotoCredit.objects.select_related("contributor")
        return self.select_related(
            "story", "section__paper", "taken_by", "created_by"
        ).prefetch_related(
            *row_parts(),
            Prefetch("article_photos__photo__credits", credits),
            # The stubs do not know that taggit's manager can.
            "tags",  # type: ignore[misc]
        )


def row_parts() -> list[Prefetch[str]]:
    """Return what a row of a desk list shows beside the article's own fields, to be read ahead."""
    from .models import ArticlePhoto, Byline

    return [
        Prefetch("towns"),
        Prefetch("bylines", Byline.objects.select_related("contributor")),
        Prefetch("article_photos", ArticlePhoto.objects.select_related("photo")),
    ]


def people_of_record(article: Article) -> models.QuerySet[User]:
    """Return who sees the record of `article`: the HISTORY table as a query."""
    signs = Q(contributor__bylines__article=article)
    allowed = Q(pk=article.created_by_id or 0) | signs
    allowed |= Q(groups__name=Role.ADMINISTRATOR) | Q(is_superuser=True)
    if article.state != State.DRAFT or article.story_id is not None:
        allowed |= Q(groups__name__in=[Role.HEAD, Role.CHIEF])
        allowed |= Q(groups__name=Role.EDITOR, sections=article.section_id or 0)
    return User.objects.filter(allowed, is_active=True).distinct()
