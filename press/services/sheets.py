"""The printed pages' pictures and areas, and the stories that go on on another page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..models import EditionPage, Story


def set_sheets(pages: Sequence[EditionPage]) -> None:
    """Store the pictures and areas of printed pages."""
    EditionPage.objects.bulk_update(pages, ["image", "areas"])


def set_continued(goes_on: Mapping[int, EditionPage | None]) -> None:
    """Say for each story, by its id, on which page of its issue it goes on; None: on none."""
    stories = [Story(pk=pk, continued_on=page) for pk, page in goes_on.items()]
    Story.objects.bulk_update(stories, ["continued_on"], batch_size=500)
