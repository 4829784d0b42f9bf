"""Visibility of stories at the desk: published stories, and those of visible articles."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from paper.permissions import Capability
from press.models import Story
from press.querysets import StoryQuerySet

from .models import Article
from .workflow.transitions import Actor


def stories_visible_to(actor: Actor, at: dt.datetime) -> StoryQuerySet:
    """Return the stories that the user may see at `at`.

    Every desk user sees published stories. A story that is not released yet, or was withdrawn, is
    visible to users who may see its article; one without an article to administrators.
    """
    if actor.may(Capability.SEE_EVERYTHING):
        return Story.objects.all()
    hidden = Story.objects.hidden(at).order_by()
    # Query the few hidden stories first: the many others need no lookup of their articles.
    known = Article.objects.visible_to(actor, at).filter(story__in=hidden.values("pk"))
    public = Q(release_at__lte=at, withdrawn_at__isnull=True)
    return Story.objects.filter(public | Q(pk__in=known.order_by().values("story")))
