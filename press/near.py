"""What stands near a story: the one before and the one after it in its issue, and related ones."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any, NamedTuple

from .models import EditionPage, Story
from .prepared import AT, Slot, Written, once, rows
from .titled import Title

RELATED = 6
#: Of each thing that stories share so many of the newest are looked at.
_CANDIDATES = 8
#: Who writes and photographs a story has two rows of it.
_ROWS = _CANDIDATES * 2
#: Things whose newest stories are kept at most.
_MOST_KEPT = 5000
_BEFORE, _AFTER = 0, 1


class _Kind(NamedTuple):
    """A kind of thing that stories share: what it weighs, and where it is filed."""

    weight: int
    #: So many of a story's are looked at.
    most: int
    table: str
    column: str
    value: str


_KINDS = {
    "tag": _Kind(4, 6, "press_story_tags", "tag_id", "(SELECT id FROM taggit_tag WHERE name = %s)"),
    "contributor": _Kind(3, 4, "press_storycontributor", "contributor_id", "%s"),
    "town": _Kind(
        2, 4, "press_story_towns", "town_id", "(SELECT id FROM paper_town WHERE slug = %s)"
    ),
}
#: A thing: its kind, and its name, number or slug.
Thing = tuple[str, Any]
Newest = dict[Thing, list[Title]]

_NEWEST = (
    "SELECT * FROM (SELECT t.*, {n} AS n FROM {kind.table} f"
    " JOIN ({titles}) t ON t.id = f.story_id WHERE f.{kind.column} = {kind.value}"
    " AND f.release_at <= %s ORDER BY f.release_at DESC, f.story_id DESC LIMIT {limit}) AS n{n}"
)
_SIDE = (
    "SELECT * FROM (SELECT {n} AS n, s.id AS story_id"
    " FROM press_editionpage p JOIN ({seen}) s ON s.page_id = p.id WHERE p.edition_id = %s"
    " AND (p.number, s.position, s.id) {than} (%s, %s, %s)"
    " ORDER BY p.number {order}, s.position {order}, s.id {order} LIMIT 1) AS n{n}"
)
_TITLES = "SELECT t.*, f.n FROM ({found}) AS f JOIN ({titles}) AS t ON t.id = f.story_id"


class Near(NamedTuple):
    """The neighbours of a story in its issue, or None, and the related stories, nearest first."""

    previous: Title | None
    next: Title | None
    related: list[Title]


def near(story: Story, *, at: dt.datetime, kept: Newest) -> Near:
    """Return what stands near a `story` with page and edition at hand: at most two queries.

    Related is who shares tags, contributors or towns, the more the nearer, then the newer; the
    newest few of each alone are looked at. `kept` has those of things that were asked for before,
    while nothing changes. In one issue the neighbours are near already.
    """
    page = story.page_at(at)
    sides = _sides(story, page, at) if page else {}
    before, after = sides.get(_BEFORE), sides.get(_AFTER)
    weights: Counter[int] = Counter()
    shared: dict[int, Title] = {}
    things = _things_of(story)
    newest = _newest(things, at, kept)
    for thing in things:
        for title in newest[thing]:
            weights[title.pk] += _KINDS[thing[0]].weight
            shared[title.pk] = title
    for pk in (story.pk, *(one.pk for one in (before, after) if one)):
        shared.pop(pk, None)
    rank = {pk: (weights[pk], one.release_at, pk) for pk, one in shared.items()}
    nearest = sorted(rank, key=rank.__getitem__, reverse=True)[:RELATED]
    return Near(before, after, [shared[pk] for pk in nearest])


def _things_of(story: Story) -> list[Thing]:
    """Return what a story may share with others."""
    found = {
        "tag": story.tag_names,
        "contributor": list(dict.fromkeys(person["id"] for person in story.byline)),
        "town": [place["url"].strip("/").split("/")[-1] for place in story.places],
    }
    return [(name, key) for name, kind in _KINDS.items() for key in found[name][: kind.most]]


def _newest(things: list[Thing], at: dt.datetime, kept: Newest) -> Newest:
    """Return the newest stories of each of `things`: one query for those that are not kept."""
    # Looked up once: other threads share what is kept, and may clear it.
    known = {thing: titles for thing in things if (titles := kept.get(thing)) is not None}
    missing = [thing for thing in things if thing not in known]
    if not missing:
        return known
    found: dict[Thing, set[Title]] = {thing: set() for thing in missing}
    question = _question_of_newest(*(name for name, _key in missing))
    keys = {f"key{n}": key for n, (_name, key) in enumerate(missing)}
    for n, title in _titles(question, at=at, **keys):
        found[missing[n]].add(title)
    if len(kept) > _MOST_KEPT:
        kept.clear()
    for thing, some in found.items():
        newest = sorted(some, key=lambda one: (one.release_at, one.pk), reverse=True)
        known[thing] = kept[thing] = newest[:_CANDIDATES]
    return known


def _sides(story: Story, page: EditionPage, at: dt.datetime) -> dict[int, Title]:
    """Return the neighbours of a story on a `page` of its issue: one query."""
    here = {"edition": page.edition_id, "number": page.number}
    here |= {"position": story.position, "story": story.pk}
    return dict(_titles(_question_of_sides(), at=at, **here))


Question = tuple[str, list[Any], Written[Story]]


def _titles(question: Question, **given: Any) -> list[tuple[int, Title]]:
    """Return the titles that a question finds, each with the number of its part."""
    sql, params, titles = question
    found = rows(sql, params, given)
    return [(row[-1], Title(*titles.values_of(row[: titles.width]))) for row in found]


@once
def _question_of_newest(*kinds: str) -> Question:
    """Return the question for the newest stories of things of these `kinds`."""
    titles = Written(Story.objects.visible(AT).for_titles().order_by())
    parts: list[str] = []
    params: list[Any] = []
    for n, name in enumerate(kinds):
        kind = _KINDS[name]
        parts.append(_NEWEST.format(n=n, kind=kind, titles=titles.sql, limit=_ROWS))
        params += [*titles.params, Slot(f"key{n}"), AT]
    return " UNION ALL ".join(parts), params, titles


@once
def _question_of_sides() -> Question:
    """Return the question for the neighbours in an issue, of those that are seen."""
    titles = Written(Story.objects.visible(AT).for_titles().order_by())
    seen = Written(Story.objects.visible(AT).only("id", "page", "position").order_by())
    here = [Slot("edition"), Slot("number"), Slot("position"), Slot("story")]
    parts: list[str] = []
    params: list[Any] = []
    for n, than, order in ((_BEFORE, "<", "DESC"), (_AFTER, ">", "ASC")):
        parts.append(_SIDE.format(n=n, seen=seen.sql, than=than, order=order))
        params += [*seen.params, *here]
    sql = _TITLES.format(found=" UNION ALL ".join(parts), titles=titles.sql)
    return sql, [*params, *titles.params], titles
