"""When the picture of a page as it was set may be shown: the one place of that rule.

The picture holds the text of its stories. It is shown while readers may see every one of them: a
story withdrawn takes the picture with it, and a page set from the other stories stands in.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

from .models import EditionPage, Story


def area_stories(page: EditionPage) -> set[int]:
    """Return the ids of the stories that have an area on the picture of `page`."""
    return {area["story"] for area in page.areas if area.get("story")}


def shown_of(
    pages: Iterable[EditionPage], seen: Collection[int] = (), at: dt.datetime | None = None
) -> set[int]:
    """Return the ids of those `pages` whose picture may be shown at `at` (default: now).

    The pages come from `with_hidden`; `seen` are the ids of stories known to be visible: only of
    others on the pictures the database is asked.
    """
    pictured = [page for page in pages if page.image and not page.hides]  # type: ignore[attr-defined]
    unknown = {pk for page in pictured for pk in area_stories(page)} - set(seen)
    known = set(seen)
    if unknown:
        known.update(Story.objects.visible(at).filter(pk__in=unknown).values_list("pk", flat=True))
    return {page.pk for page in pictured if area_stories(page) <= known}
