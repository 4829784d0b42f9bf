"""Services for page images, their areas, and continued stories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..models import EditionPage, Story


def set_page_images(pages: Sequence[EditionPage]) -> None:
    """Store the images and areas of published pages."""
    EditionPage.objects.bulk_update(pages, ["image", "areas"])


def set_continued(goes_on: Mapping[int, EditionPage | None]) -> None:
    """Set for each story id the page of its issue on which it continues, or None."""
    stories = [Story(pk=pk, continued_on=page) for pk, page in goes_on.items()]
    Story.objects.bulk_update(stories, ["continued_on"], batch_size=500)
