"""A printed page in public views: its stories, page image and thumbnail."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from django.utils.safestring import SafeString

from press.models import EditionPage, Story
from press.page_images import shown_of
from press.page_layout import shapes

from . import page_thumbnails

#: Width in pixels of a page image as a thumbnail, and the default width for old browsers.
THUMB, USUAL = 240, 800


class PageEntry(NamedTuple):
    """A story in the list of a page, with the page on which it continues or begins."""

    story: Story
    turns_to: EditionPage | None
    comes_from: EditionPage | None


class PageArea(NamedTuple):
    """The area of a story on the page image, in per mille."""

    story: Story
    x: int
    y: int
    w: int
    h: int


@dataclass(frozen=True)
class IssuePage:
    """A page with its visible stories in order; those continued on it come last."""

    page: EditionPage
    stories: Sequence[Story] = field(default=())
    has_image: bool = False

    @property
    def number(self) -> int:
        """Return the page's number."""
        return self.page.number

    @property
    def name(self) -> str:
        """Return the page's name."""
        return self.page.name

    @cached_property
    def url(self) -> str:
        """Return the page's URL."""
        return self.page.get_absolute_url()

    @property
    def entries(self) -> list[PageEntry]:
        """Return the story list of the page."""
        return [_entry(self.page, story) for story in self.stories]

    @cached_property
    def image(self) -> dict[str, object]:
        """Return URLs and size of the page image; {} if it may not be shown."""
        if not self.has_image:
            return {}
        given = self.page.image
        base = f"{self.url}image-{given['token']}-"
        widths = sorted(given["widths"])
        usual, small = (min(widths, key=lambda w: abs(w - wanted)) for wanted in (USUAL, THUMB))
        return {
            "src": f"{base}{usual}.webp",
            "thumb": f"{base}{small}.webp",
            "srcset": ", ".join(f"{base}{width}.webp {width}w" for width in widths),
            "width": given["width"],
            "height": given["height"],
        }

    @property
    def areas(self) -> list[PageArea]:
        """Return the areas of the page image that link to a story."""
        known = {story.pk: story for story in self.stories}
        return [
            PageArea(known[area["story"]], area["x"], area["y"], area["w"], area["h"])
            for area in self.page.areas
            if area.get("story") in known
        ]

    @property
    def drawing(self) -> SafeString:
        """Return the thumbnail of a page without an image, drawn from its layout."""
        return page_thumbnails.draw(self.page.number, self.stories, shapes(self.page, self.stories))


def issue_pages(pages: Sequence[EditionPage], stories: Iterable[Story]) -> list[IssuePage]:
    """Return `pages` (from `with_hidden`) with those of the visible `stories` that are on them.

    Makes one query, and only if a page image shows stories that are not in `stories`.
    """
    on, going_on, seen = _standing(pages, stories)
    shown = shown_of(pages, seen)
    return [IssuePage(page, [*on[page.pk], *going_on[page.pk]], page.pk in shown) for page in pages]


_Standing = dict[int, list[Story]]


def _standing(
    pages: Sequence[EditionPage], stories: Iterable[Story]
) -> tuple[_Standing, _Standing, set[int]]:
    """Return by page the stories that begin on it and those continued on it, and all ids."""
    on: _Standing = {page.pk: [] for page in pages}
    going_on: _Standing = {page.pk: [] for page in pages}
    seen = set()
    for story in sorted(stories, key=lambda one: (one.position, one.pk)):
        seen.add(story.pk)
        if story.page_id in on:
            on[story.page_id].append(story)
        if story.continued_on_id in going_on and story.continued_on_id != story.page_id:
            going_on[story.continued_on_id].append(story)
    return on, going_on, seen


def attach(pages: Sequence[EditionPage], stories: Iterable[Story]) -> list[Story]:
    """Set `page` and `continued_on` of `stories` from `pages`, without a query, and return them."""
    known = {page.pk: page for page in pages}
    found = list(stories)
    for story in found:
        if story.page_id in known:
            story.page = known[story.page_id]
        if story.continued_on_id in known:
            story.continued_on = known[story.continued_on_id]
    return found


def _entry(page: EditionPage, story: Story) -> PageEntry:
    if story.page_id != page.pk:
        return PageEntry(story, None, story.page)
    is_continued = story.continued_on_id not in {None, page.pk}
    return PageEntry(story, story.continued_on if is_continued else None, None)
