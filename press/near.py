"""What stands near a story: the one before and the one after it in its issue, and related ones."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

from .models import Story
from .prepared import AT, Slot, Written, once, rows
from .titled import Title

RELATED = 6
#: From each thing that two stories share come so many candidates, and so much weight.
_CANDIDATES = 8
_TAG, _CONTRIBUTOR, _TOWN = 4, 3, 2
_MOST_TAGS, _MOST_CONTRIBUTORS, _MOST_TOWNS = 6, 4, 4
_BEFORE, _AFTER, _RELATED = 0, 1, 2

_SIDE = (
    "SELECT * FROM (SELECT {side} AS side, 0 AS weight, s.id AS story_id"
    " FROM press_editionpage p JOIN ({seen}) s ON s.page_id = p.id WHERE p.edition_id = %s"
    " AND (p.number, s.position, s.id) {than} (%s, %s, %s)"
    " ORDER BY p.number {order}, s.position {order}, s.id {order} LIMIT 1) AS side{side}"
)
_SHARED = (
    "SELECT * FROM (SELECT {weight} AS weight, story_id, release_at FROM {table}"
    " WHERE {column} = {value} AND release_at <= %s"
    " ORDER BY release_at DESC, story_id DESC LIMIT {limit}) AS {name}"
)
_RANKED = (
    "SELECT * FROM (SELECT {side} AS side, SUM(weight) AS weight, story_id"
    " FROM ({shared}) AS shared WHERE story_id <> %s GROUP BY story_id"
    " ORDER BY 2 DESC, MAX(release_at) DESC, 3 DESC LIMIT {limit}) AS ranked"
)
_TITLES = (
    "SELECT t.*, n.side FROM ({near}) AS n JOIN ({titles}) AS t ON t.id = n.story_id"
    " ORDER BY n.side, n.weight DESC, t.release_at DESC, t.id DESC"
)
#: Table, column and value by which each kind of thing is shared.
_TAGS = ("press_story_tags", "tag_id", "(SELECT id FROM taggit_tag WHERE name = %s)")
_PEOPLE = ("press_storycontributor", "contributor_id", "%s")
_TOWNS = ("press_story_towns", "town_id", "(SELECT id FROM paper_town WHERE slug = %s)")


class Near(NamedTuple):
    """The neighbours of a story in its issue, or None, and the related stories, nearest first."""

    previous: Title | None
    next: Title | None
    related: list[Title]


def near(story: Story, *, at: dt.datetime) -> Near:
    """Return what stands near a `story` with its page at hand: one query, however much it is.

    Related is who shares tags, contributors or towns, the more the nearer, then the newer; the
    newest few of each alone are looked at. In one issue the neighbours are near already.
    """
    tags = story.tag_names[:_MOST_TAGS]
    people = [*dict.fromkeys(person["id"] for person in story.byline)][:_MOST_CONTRIBUTORS]
    towns = [place["url"].strip("/").split("/")[-1] for place in story.places[:_MOST_TOWNS]]
    page = story.page
    found: dict[int, list[Title]] = {_BEFORE: [], _AFTER: [], _RELATED: []}
    shape = (page is not None, len(tags), len(people), len(towns))
    if any(shape):
        sql, params, titles = _question(*shape)
        given = {f"tag{n}": name for n, name in enumerate(tags)}
        given |= {f"person{n}": pk for n, pk in enumerate(people)}
        given |= {f"town{n}": slug for n, slug in enumerate(towns)}
        if page:
            given |= {"edition": page.edition_id, "number": page.number}
        given |= {"at": at, "story": story.pk, "position": story.position}
        for row in rows(sql, params, given):
            found[row[-1]].append(Title(*titles.values_of(row[:-1])))
    before, after = (next(iter(found[side]), None) for side in (_BEFORE, _AFTER))
    related = [one for one in found[_RELATED] if one not in {before, after}]
    return Near(before, after, related[:RELATED])


@once
def _question(
    has_page: bool, tags: int, people: int, towns: int
) -> tuple[str, list[Any], Written[Story]]:
    """Return the SQL, its parameters with slots, and the titles that it asks for."""
    parts: list[str] = []
    params: list[Any] = []
    if has_page:
        _ask_for_sides(parts, params)
    shared: list[str] = []
    asked: list[Any] = []
    for count, name, where, weight in (
        (tags, "tag", _TAGS, _TAG),
        (people, "person", _PEOPLE, _CONTRIBUTOR),
        (towns, "town", _TOWNS, _TOWN),
    ):
        table, column, value = where
        for n in range(count):
            part = _SHARED.format(
                weight=weight,
                table=table,
                column=column,
                value=value,
                limit=_CANDIDATES,
                name=f"{name}{n}",
            )
            shared.append(part)
            asked += [Slot(f"{name}{n}"), AT]
    if shared:
        # Some may have been withdrawn, and two may be the neighbours.
        ranked = {"side": _RELATED, "shared": " UNION ALL ".join(shared), "limit": RELATED + 3}
        parts.append(_RANKED.format(**ranked))
        params += [*asked, Slot("story")]
    titles = Written(Story.objects.visible(AT).for_titles().order_by())
    sql = _TITLES.format(near=" UNION ALL ".join(parts), titles=titles.sql)
    return sql, [*params, *titles.params], titles


def _ask_for_sides(parts: list[str], params: list[Any]) -> None:
    """Add the question for the neighbours in the issue."""
    seen = Written(Story.objects.visible(AT).only("id", "page", "position").order_by())
    here = [Slot("edition"), Slot("number"), Slot("position"), Slot("story")]
    for side, than, order in ((_BEFORE, "<", "DESC"), (_AFTER, ">", "ASC")):
        parts.append(_SIDE.format(side=side, seen=seen.sql, than=than, order=order))
        params += [*seen.params, *here]
