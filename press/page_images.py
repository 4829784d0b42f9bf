"""Visibility of page images: the only place for this rule.

A page image contains the text of its stories. It is shown while readers may see every one of them.
When a story is withdrawn, the page layout set from the other stories replaces the image.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

from .models import EditionPage, Story


def area_stories(page: EditionPage) -> set[int]:
    """Return the ids of the stories that have an area on the image of `page`."""
    return {area["story"] for area in page.areas if area.get("story")}


def shown_of(
    pages: Iterable[EditionPage], seen: Collection[int] = (), at: dt.datetime | None = None
) -> set[int]:
    """Return the ids of those `pages` whose image may be shown at `at` (default: now).

    The pages come from `with_hidden`. `seen` are the ids of stories known to be visible; only the
    visibility of other stories is queried.
    """
    pictured = [page for page in pages if page.image and not page.hides]  # type: ignore[attr-defined]
    unknown = {pk for page in pictured for pk in area_stories(page)} - set(seen)
    known = set(seen)
    if unknown:
        known.update(Story.objects.visible(at).filter(pk__in=unknown).values_list("pk", flat=True))
    return {page.pk for page in pictured if area_stories(page) <= known}
