"""Search index of published stories; rows are written in the publishing transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.db import connection, transaction

from search.terms import read
from search.timeline import Timeline, TimelineQuery, TimelineRow, key_at

from .models import EditionPage, Story, StoryTown
from .querysets import StoryQuerySet
from .tags import TagAliases, tag_aliases

PRESS = Timeline("press")
#: Number of stories read and written at once.
BATCH = 500


def key_of(story: Story) -> int:
    """Return the story's key in the index."""
    return key_at(story.release_at, story.pk)


def put(stories: Sequence[Story]) -> None:
    """Write the rows of stories, in a constant number of queries."""
    PRESS.put(rows_of(stories))


def remove(stories: Iterable[Story]) -> None:
    """Remove stories that readers no longer see."""
    PRESS.remove(key_of(story) for story in stories)


def find(
    query: TimelineQuery, stories: StoryQuerySet, *, at: dt.datetime, size: int, before: int = 0
) -> tuple[list[Story], int]:
    """Return a page of the results of `query` at `at`, best first, and the next offset, or 0.

    `stories` are the visible ones, with the fields that the caller shows. Two queries.
    """
    # Stories not yet released lie beyond this second.
    until = min(query.until, key_at(at + dt.timedelta(seconds=1)))
    asked = replace(query, since=min(query.since, until), until=until)
    found = PRESS.find(asked, size=size, before=before)
    known = stories.in_bulk(found.numbers)
    return [known[number] for number in found.numbers if number in known], found.next


def numbers_of(text: str, *, most: int) -> list[int]:
    """Return the ids of at most `most` stories that contain the terms of `text`, best first.

    Includes stories that are not yet released, but no withdrawn ones.
    """
    return PRESS.find(TimelineQuery(read(text)), size=most).numbers


def rows_of(stories: Sequence[Story]) -> list[TimelineRow]:
    """Return the index rows of stories."""
    towns: dict[int, list[int]] = {}
    filed = StoryTown.objects.filter(story__in=stories).order_by()
    for story_id, town_id in filed.values_list("story", "town"):
        towns.setdefault(story_id, []).append(town_id)
    pages = EditionPage.objects.filter(pk__in={s.page_id for s in stories if s.page_id})
    editions = dict(pages.values_list("pk", "edition"))
    aliases = tag_aliases() if any(story.tag_names for story in stories) else TagAliases()
    return [
        _row(story, towns.get(story.pk, []), editions.get(story.page_id or 0), aliases)
        for story in stories
    ]


def _row(
    story: Story, towns: Sequence[int], edition: int | None, aliases: TagAliases
) -> TimelineRow:
    lines = story.headline_lines
    # A headline of two lines is also indexed as one: 闸换 finds 水闸 / 换了.
    whole = ["".join(lines)] if len(lines) > 1 else []
    people = [str(person["name"]) for person in story.byline]
    # Indexed under the printed names of the tags and under their current names.
    tags = dict.fromkeys([*story.tag_names, *aliases.current(story.tag_names)])
    head = [story.kicker, *lines, *whole, story.subhead, *people, *tags]
    photos = [line for p in story.photo_list for line in (p["caption"], p["credit"])]
    places = [str(place["name"]) for place in story.places]
    text = [*head, story.dateline, story.body.text, *photos, story.unit, *places]
    files = [
        section_file(story.section_id),
        *(town_file(pk) for pk in towns),
        *dict.fromkeys(contributor_file(person["id"]) for person in story.byline),
        *([edition_file(edition)] if edition else []),
    ]
    return TimelineRow(key_of(story), "\n".join(head), "\n".join(text), files)


def section_file(pk: int) -> str:
    """Return the index label of the stories of a section."""
    return f"s{pk}"


def town_file(pk: int) -> str:
    """Return the index label of the stories of a town."""
    return f"t{pk}"


def contributor_file(pk: int) -> str:
    """Return the index label of the stories of a contributor."""
    return f"c{pk}"


def edition_file(pk: int) -> str:
    """Return the index label of the stories of an edition."""
    return f"e{pk}"


def rebuild(progress: Callable[[int, int], object] = lambda done, of: None) -> int:
    """Rewrite the rows of all stories without downtime, and return the number of stories.

    Search keeps working: each row is overwritten, and orphaned rows are removed at the end.
    `progress` is called after each batch with the number done and the total.
    """
    numbers = list(Story.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(numbers), BATCH):
        chosen = numbers[start : start + BATCH]
        with transaction.atomic():
            # Locked, so that no correction is committed between this read and the write.
            rows = Story.objects.filter(pk__in=chosen, withdrawn_at=None).order_by("pk")
            put(list(rows.select_for_update()))
        progress(start + len(chosen), len(numbers))
    # The keys are read first, so that a story published during the rebuild is never removed.
    keys = PRESS.keys()
    current = Story.objects.filter(withdrawn_at=None).only("pk", "release_at")
    PRESS.remove(keys - {key_of(story) for story in current.iterator()})
    return len(numbers)


def fill(**_signal: Any) -> None:
    """Fill an empty index after the `migrate` that created it."""
    tables = connection.introspection.table_names()
    if {"press_story", PRESS.table} <= set(tables) and PRESS.is_empty() and Story.objects.exists():
        rebuild()
