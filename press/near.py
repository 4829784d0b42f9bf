"""What stands near a story: the one before and the one after it in its issue, and related ones."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any, NamedTuple

from django.db import connection, models

from .models import Story
from .prepared import Prepared, Slot
from .querysets import StoryQuerySet

RELATED = 6
#: From each thing that two stories share come so many candidates, and so much weight.
_CANDIDATES = 8
_TAG, _CONTRIBUTOR, _TOWN = 4, 3, 2
#: So many on each side of the story in its issue: the next one may have been withdrawn.
_SIDE = 4

_SHARED = (
    "SELECT {weight}, story_id, 0, 0 FROM (SELECT story_id FROM {table}"
    " WHERE {column} = {value} AND release_at <= %s"
    " ORDER BY release_at DESC, story_id DESC LIMIT {limit}) AS {name}"
)
_ISSUE = (
    "SELECT 0, s.id, p.number, s.position FROM press_editionpage p"
    " JOIN press_story s ON s.page_id = p.id WHERE p.edition_id = %s"
)


def _titles() -> StoryQuerySet:
    wanted = [Slot(f"pk{n}", models.BigAutoField()) for n in range(_TITLES)]
    at: Any = Slot("at", models.DateTimeField())
    return Story.objects.visible(at).filter(pk__in=wanted).for_titles().order_by()


#: So many titles are asked for at most.
_TITLES = RELATED * 2 + _SIDE * 2
_NAMES = Prepared(_titles)


class Near(NamedTuple):
    """The neighbours of a story in its issue, or None, and the related stories, nearest first."""

    previous: Story | None
    next: Story | None
    related: list[Story]


def near(story: Story, *, at: dt.datetime) -> Near:
    """Return what stands near a `story` with its page at hand: two queries, however much it is.

    Related is who shares tags, contributors or towns, the more the nearer, then the newer; the
    newest few of each alone are looked at.
    """
    sql, params = _question(story, at)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows = cursor.fetchall()
    weights: Counter[int] = Counter()
    for weight, pk, _page, _position in rows:
        weights[pk] += weight
    before, after = _sides(story, [row for row in rows if not row[0]])
    ranked = [pk for pk, _w in weights.most_common() if pk != story.pk]
    # In one issue the neighbours are near already.
    ranked = [pk for pk in ranked if weights[pk] and pk not in {*before[:1], *after[:1]}]
    wanted = [*dict.fromkeys([*before, *after, *ranked[: RELATED * 2]])]
    slots = {f"pk{n}": pk for n, pk in enumerate(wanted + [0] * (_TITLES - len(wanted)))}
    found = {one.pk: one for one in _NAMES.all(at=at, **slots)}
    related = [found[pk] for pk in ranked if pk in found]
    related.sort(key=lambda one: (weights[one.pk], one.release_at, one.pk), reverse=True)
    return Near(_first(before, found), _first(after, found), related[:RELATED])


def _first(pks: list[int], found: dict[int, Story]) -> Story | None:
    return next((found[pk] for pk in pks if pk in found), None)


def _sides(story: Story, rows: list[tuple[int, int, int, int]]) -> tuple[list[int], list[int]]:
    """Return the ids before and after the story in its issue, the nearest first."""
    order = [pk for _n, _p, pk in sorted((number, place, pk) for _w, pk, number, place in rows)]
    if story.pk not in order:
        return [], []
    at = order.index(story.pk)
    return order[max(0, at - _SIDE) : at][::-1], order[at + 1 : at + 1 + _SIDE]


def _question(story: Story, at: dt.datetime) -> tuple[str, list[Any]]:
    parts: list[str] = []
    params: list[Any] = []
    if story.page:
        parts.append(_ISSUE)
        params.append(story.page.edition_id)
    tag, town = (
        "(SELECT id FROM taggit_tag WHERE name = %s)",
        "(SELECT id FROM paper_town WHERE slug = %s)",
    )
    people = dict.fromkeys(person["id"] for person in story.byline)
    slugs = [place["url"].strip("/").split("/")[-1] for place in story.places]
    shared = [
        *(("press_story_tags", "tag_id", tag, name, _TAG) for name in story.tag_names[:6]),
        *(
            ("press_storycontributor", "contributor_id", "%s", pk, _CONTRIBUTOR)
            for pk in [*people][:4]
        ),
        *(("press_story_towns", "town_id", town, slug, _TOWN) for slug in slugs[:4]),
    ]
    for n, (table, column, value, key, weight) in enumerate(shared):
        parts.append(
            _SHARED.format(
                weight=weight,
                table=table,
                column=column,
                value=value,
                limit=_CANDIDATES,
                name=f"s{n}",
            )
        )
        params += [key, at]
    return " UNION ALL ".join(parts) or "SELECT 0, 0, 0, 0 WHERE 1 = 0", params
