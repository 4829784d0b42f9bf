"""Paging by key: page 5,000 of a list costs what page 1 costs, and nothing shifts meanwhile."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q

from press.models import Story
from press.querysets import StoryQuerySet

PAGE_SIZE = 20
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class StoryPage:
    """One page of a list; `older` and `newer` are the cursors of its neighbours, or empty."""

    stories: list[Story]
    older: str = ""
    newer: str = ""


def cursor_of(story: Story) -> str:
    """Return the place of a story in the order newest first: microseconds and id."""
    return f"{(story.release_at - _EPOCH) // _MICROSECOND}-{story.pk}"


def _parse(cursor: str) -> tuple[dt.datetime, int] | None:
    micros, _, pk = cursor.partition("-")
    if not (micros.isascii() and micros.isdigit() and pk.isascii() and pk.isdigit()):
        return None
    try:
        return _EPOCH + int(micros) * _MICROSECOND, min(int(pk), 2**63 - 1)
    except (OverflowError, ValueError):
        return None


def page_of(
    stories: StoryQuerySet, *, before: str = "", after: str = "", size: int = PAGE_SIZE
) -> StoryPage:
    """Return the page of `stories` that follows `before`, or precedes `after`, newest first.

    A cursor that cannot be read means the first page.
    """
    newer_than = _parse(after) if after else None
    older_than = _parse(before) if before and not newer_than else None
    if newer_than:
        at, pk = newer_than
        later = stories.filter(Q(release_at__gt=at) | Q(release_at=at, pk__gt=pk))
        rows = list(later.order_by("release_at", "id")[: size + 1])
        has_newer, rows = len(rows) > size, rows[:size][::-1]
        return StoryPage(rows, _edge(rows, -1, True), _edge(rows, 0, has_newer))
    if older_than:
        at, pk = older_than
        # The first condition alone lets both databases walk the index from there.
        stories = stories.filter(release_at__lte=at).exclude(release_at=at, pk__gte=pk)
    rows = list(stories.newest()[: size + 1])
    has_older, rows = len(rows) > size, rows[:size]
    return StoryPage(rows, _edge(rows, -1, has_older), _edge(rows, 0, bool(older_than)))


def _edge(rows: list[Story], index: int, there_is_more: bool) -> str:
    return cursor_of(rows[index]) if rows and there_is_more else ""
