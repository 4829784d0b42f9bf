"""Feed views: all stories, and those of a section, town, contributor or tag."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from bylines.models import Contributor
from paper.models import Section, Town
from paper.querysets import get_paper
from press.merged_contributors import family
from press.models import Story, StoryContributor, StoryTown
from press.querysets import StoryIndexEntryQuerySet, StoryQuerySet
from press.tags import filed_under

from ..base_context import address, aliases_of, merged_of, permanent_redirect, public, site, tag_of
from ..feeds import StoryFeed
from ..url_helpers import tag_address

#: Number of stories in a feed.
NEWEST = 30


@require_safe
def feed(request: HttpRequest, kind: str) -> HttpResponse:
    """Return the newest of all stories."""
    return _answer(request, kind, Story.objects.all())


@require_safe
def section(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """Return the newest stories of a section."""
    found = get_object_or_404(Section, slug=slug)
    return _answer(request, kind, Story.objects.filter(section=found), found.name)


@require_safe
def town(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """Return the newest stories of a town."""
    found = get_object_or_404(Town, slug=slug)
    return _answer(request, kind, StoryTown.objects.filter(town=found), found.name)


@require_safe
def contributor(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Return the newest stories of a contributor; 404 until one is visible."""
    merged = merged_of(request)
    if pk in merged:
        return permanent_redirect(
            request, reverse("reader:contributor_feed", args=[merged[pk], kind])
        )
    found = get_object_or_404(Contributor.objects.public(), pk=pk)
    stories = StoryContributor.objects.by_one(family(pk, merged))
    return _answer(request, kind, stories, found.name, may_be_empty=False)


@require_safe
def tag(request: HttpRequest, name: str, kind: str) -> HttpResponse:
    """Return the newest stories of a tag; 404 until one is visible.

    A former name redirects to the current one.
    """
    found, now = tag_of(request, name)
    if now:
        return permanent_redirect(request, f"{tag_address(now)}feed.{kind}")
    stories = filed_under(aliases_of(request).family(found.pk))
    return _answer(request, kind, stories, found.name, may_be_empty=False)


def _answer(
    request: HttpRequest,
    kind: str,
    rows: StoryQuerySet | StoryIndexEntryQuerySet,
    name: str = "",
    *,
    may_be_empty: bool = True,
) -> HttpResponse:
    """Return the feed of a list; the list's URL is that of the feed without its last part."""
    found = rows.visible().for_lists().newest()[:NEWEST]
    newest = [row if isinstance(row, Story) else row.story for row in found]
    if not (newest or may_be_empty):
        raise Http404
    link = address(request).removesuffix(f"feed.{kind}")
    # For display only: the printed names are sealed.
    aliases = aliases_of(request)
    for story in newest:
        story.tag_names = aliases.current(story.tag_names)
    feed = StoryFeed(kind, newest, get_paper(), site=site(request), link=link, name=name)
    response = feed(request)
    # A withdrawal makes the newest date older, which a conditional request by date would miss.
    del response.headers["Last-Modified"]
    return public(response)
