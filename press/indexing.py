"""What search finds of a printed story; its row is written in the transaction that prints it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.db import connection, transaction

from search.timeline import Query, Row, Timeline, key_at
from textkit import html

from .models import EditionPage, Story, StoryTown
from .querysets import StoryQuerySet

PRESS = Timeline("press")
#: So many stories are read and written at once.
BATCH = 500


def key_of(story: Story) -> int:
    """Return the story's key in the index."""
    return key_at(story.release_at, story.pk)


def put(stories: Sequence[Story]) -> None:
    """Write the rows of stories, in the same number of queries however many."""
    PRESS.put(rows_of(stories))


def remove(stories: Iterable[Story]) -> None:
    """Forget stories that readers do not see any more."""
    PRESS.remove(key_of(story) for story in stories)


def find(
    query: Query, stories: StoryQuerySet, *, at: dt.datetime, size: int, before: int = 0
) -> tuple[list[Story], int]:
    """Return a page of what `query` finds at `at`, best first, and where the next begins, or 0.

    `stories` are the visible ones, with what the caller shows of them. Two queries.
    """
    # What is not out yet lies beyond this second.
    until = min(query.until, key_at(at + dt.timedelta(seconds=1)))
    asked = replace(query, since=min(query.since, until), until=until)
    found = PRESS.find(asked, size=size, before=before)
    known = stories.in_bulk(found.numbers)
    return [known[number] for number in found.numbers if number in known], found.next


def rows_of(stories: Sequence[Story]) -> list[Row]:
    """Return what is found of each story."""
    towns: dict[int, list[int]] = {}
    filed = StoryTown.objects.filter(story__in=stories).order_by()
    for story_id, town_id in filed.values_list("story", "town"):
        towns.setdefault(story_id, []).append(town_id)
    pages = EditionPage.objects.filter(pk__in={s.page_id for s in stories if s.page_id})
    editions = dict(pages.values_list("pk", "edition"))
    return [
        _row(story, towns.get(story.pk, []), editions.get(story.page_id or 0)) for story in stories
    ]


def _row(story: Story, towns: Sequence[int], edition: int | None) -> Row:
    lines = story.headline_lines
    # A headline in two lines is one in the reader's mind: 水闸 / 换了 is found by 闸换 too.
    whole = ["".join(lines)] if len(lines) > 1 else []
    people = [str(person["name"]) for person in story.byline]
    head = [story.kicker, *lines, *whole, story.subhead, *people, *story.tag_names]
    photos = [line for p in story.photo_list for line in (p["caption"], p["credit"])]
    places = [str(place["name"]) for place in story.places]
    text = [*head, story.dateline, html.to_text(story.body), *photos, story.unit, *places]
    files = [
        section_file(story.section_id),
        *(town_file(pk) for pk in towns),
        *dict.fromkeys(contributor_file(person["id"]) for person in story.byline),
        *([edition_file(edition)] if edition else []),
    ]
    return Row(key_of(story), "\n".join(head), "\n".join(text), files)


def section_file(pk: int) -> str:
    """Return the name under which the index files the stories of a section."""
    return f"s{pk}"


def town_file(pk: int) -> str:
    """Return the name under which the index files the stories of a town."""
    return f"t{pk}"


def contributor_file(pk: int) -> str:
    """Return the name under which the index files the stories of a contributor."""
    return f"c{pk}"


def edition_file(pk: int) -> str:
    """Return the name under which the index files the stories of an edition."""
    return f"e{pk}"


def rebuild(progress: Callable[[int, int], object] = lambda done, of: None) -> int:
    """Write the rows of all stories anew and return their number; all may work meanwhile.

    What is found stays found: each row is written over, and strays go in the end. `progress` is
    told after each batch how many are done, and of how many.
    """
    numbers = list(Story.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(numbers), BATCH):
        chosen = numbers[start : start + BATCH]
        with transaction.atomic():
            # Locked, so that nobody's correction falls between our reading and our writing.
            rows = Story.objects.filter(pk__in=chosen, withdrawn_at=None).order_by("pk")
            put(list(rows.select_for_update()))
        progress(start + len(chosen), len(numbers))
    # Asked first: what is printed meanwhile is in neither list, or in both.
    keys = PRESS.keys()
    kept = Story.objects.filter(withdrawn_at=None).only("pk", "release_at")
    PRESS.remove(keys - {key_of(story) for story in kept.iterator()})
    return len(numbers)


def fill(**_signal: Any) -> None:
    """Write the index where there is none yet: after the `migrate` that brought it."""
    tables = connection.introspection.table_names()
    if {"press_story", PRESS.table} <= set(tables) and PRESS.is_empty() and Story.objects.exists():
        rebuild()
