"""The feeds: of all stories, of a section, a town, a contributor, a tag."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe
from taggit.models import Tag

from bylines.models import Contributor
from paper.models import Section, Town
from paper.querysets import the_paper
from press.models import Story, StoryContributor, StoryTag, StoryTown
from press.querysets import FiledQuerySet, StoryQuerySet

from ..feeds import StoryFeed
from ..shell import address, public, site

#: How many stories a feed has.
NEWEST = 30


@require_safe
def feed(request: HttpRequest, kind: str) -> HttpResponse:
    """The newest of all stories."""
    return _answer(request, kind, Story.objects.all())


@require_safe
def section(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """The newest of a section."""
    found = get_object_or_404(Section, slug=slug)
    return _answer(request, kind, Story.objects.filter(section=found), found.name)


@require_safe
def town(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """The newest of a town."""
    found = get_object_or_404(Town, slug=slug)
    return _answer(request, kind, StoryTown.objects.filter(town=found), found.name)


@require_safe
def contributor(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The newest that a contributor signs; unknown until one is out."""
    found = get_object_or_404(Contributor.objects.public(), pk=pk)
    stories = StoryContributor.objects.filter(contributor=found).once()
    return _answer(request, kind, stories, found.name, may_be_empty=False)


@require_safe
def tag(request: HttpRequest, name: str, kind: str) -> HttpResponse:
    """The newest of a tag; unknown until one is out."""
    found = get_object_or_404(Tag, name=name)
    stories = StoryTag.objects.filter(tag=found)
    return _answer(request, kind, stories, found.name, may_be_empty=False)


def _answer(
    request: HttpRequest,
    kind: str,
    rows: StoryQuerySet | FiledQuerySet,
    name: str = "",
    *,
    may_be_empty: bool = True,
) -> HttpResponse:
    """Return the feed of a list, whose address is that of the feed without its last part."""
    found = rows.visible().for_lists().newest()[:NEWEST]
    newest = [row if isinstance(row, Story) else row.story for row in found]
    if not (newest or may_be_empty):
        raise Http404
    link = address(request).removesuffix(f"feed.{kind}")
    feed = StoryFeed(kind, newest, the_paper(), site=site(request), link=link, name=name)
    response = feed(request)
    # A withdrawal makes the newest date older: who asks by date would never hear of it.
    del response.headers["Last-Modified"]
    return public(response)
