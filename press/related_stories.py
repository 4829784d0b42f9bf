"""Neighbours of a story in its issue, and related stories."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from types import MappingProxyType
from typing import Any, NamedTuple

from .compiled_queries import AT, CompiledQuery, Parameter, cached_once, rows
from .merged_contributors import Merged, family
from .models import EditionPage, Story
from .story_link import StoryLink

RELATED = 6
#: Number of newest stories considered for each shared subject.
_CANDIDATES = 8
#: Rows read for each subject: a person who wrote and photographed a story has two rows.
_ROWS = _CANDIDATES * 2
#: Maximum number of subjects whose newest stories are cached.
_CACHE_LIMIT = 5000
_BEFORE, _AFTER = 0, 1


class _Kind(NamedTuple):
    """A kind of subject that stories share: its weight, and the table that lists its stories."""

    weight: int
    #: Maximum number of a story's subjects of this kind that are considered.
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
#: A subject: its kind, and its name, id or slug.
Subject = tuple[str, Any]
Newest = dict[Subject, list[StoryLink]]
#: Returns, for the name of a tag, all names under which its stories are listed.
Spellings = Callable[[str], list[Any]]

_NEWEST = (
    "SELECT * FROM (SELECT t.*, {n} AS n FROM {kind.table} f"
    " JOIN ({links}) t ON t.id = f.story_id WHERE f.{kind.column} = {kind.value}"
    " AND f.release_at <= %s ORDER BY f.release_at DESC, f.story_id DESC LIMIT {limit}) AS n{n}"
)
_SIDE = (
    "SELECT * FROM (SELECT {n} AS n, s.id AS story_id"
    " FROM press_editionpage p JOIN ({seen}) s ON s.page_id = p.id WHERE p.edition_id = %s"
    " AND (p.number, s.position, s.id) {than} (%s, %s, %s)"
    " ORDER BY p.number {order}, s.position {order}, s.id {order} LIMIT 1) AS n{n}"
)
_TITLES = "SELECT t.*, f.n FROM ({found}) AS f JOIN ({links}) AS t ON t.id = f.story_id"


def _as_printed(name: str) -> list[Any]:
    return [name]


class RelatedStories(NamedTuple):
    """The neighbours of a story in its issue, or None, and the related stories, closest first."""

    previous: StoryLink | None
    next: StoryLink | None
    related: list[StoryLink]


def related_stories(
    story: Story,
    *,
    at: dt.datetime,
    cache: Newest,
    merged: Merged = MappingProxyType({}),
    spellings: Spellings = _as_printed,
) -> RelatedStories:
    """Return the neighbours of a `story` with page and edition loaded: at most two queries.

    Related stories share tags, contributors or towns: the more the closer, then the newer. Only the
    newest few of each subject are considered. `cache` holds the newest stories of subjects for the
    current content version; `merged` maps merged contributors; `spellings` returns the names under
    which the stories of a tag are listed. Stories of the same issue are left out.
    """
    page = story.page_at(at)
    neighbours = _neighbours(story, page, at) if page else {}
    before, after = neighbours.get(_BEFORE), neighbours.get(_AFTER)
    weights: Counter[int] = Counter()
    shared: dict[int, StoryLink] = {}
    groups = _subjects_of(story, merged, spellings)
    newest = _newest([subject for group in groups for subject in group], at, cache)
    for group in groups:
        for link in {link.pk: link for subject in group for link in newest[subject]}.values():
            weights[link.pk] += _KINDS[group[0][0]].weight
            shared[link.pk] = link
    for pk in (story.pk, *(one.pk for one in (before, after) if one)):
        shared.pop(pk, None)
    rank = {pk: (weights[pk], one.release_at, pk) for pk, one in shared.items()}
    nearest = sorted(rank, key=rank.__getitem__, reverse=True)[:RELATED]
    return RelatedStories(before, after, [shared[pk] for pk in nearest])


def _subjects_of(story: Story, merged: Merged, spellings: Spellings) -> list[list[Subject]]:
    """Return the subjects of a story; several ids or names of one subject form one list."""
    people = dict.fromkeys(merged.get(person["id"], person["id"]) for person in story.byline)
    found: dict[str, list[list[Any]]] = {
        "tag": [spellings(name) for name in story.tag_names],
        "contributor": [family(pk, merged) if merged else [pk] for pk in people],
        "town": [[place["url"].strip("/").split("/")[-1]] for place in story.places],
    }
    return [
        [(name, key) for key in keys]
        for name, kind in _KINDS.items()
        for keys in found[name][: kind.most]
    ]


def _newest(subjects: list[Subject], at: dt.datetime, cache: Newest) -> Newest:
    """Return the newest stories of each of `subjects`: one query for those not cached."""
    # Looked up once: other threads share the cache and may clear it.
    known = {subject: links for subject in subjects if (links := cache.get(subject)) is not None}
    missing = [subject for subject in subjects if subject not in known]
    if not missing:
        return known
    found: dict[Subject, set[StoryLink]] = {subject: set() for subject in missing}
    query = _newest_query(*(name for name, _key in missing))
    keys = {f"key{n}": key for n, (_name, key) in enumerate(missing)}
    for n, link in _links(query, at=at, **keys):
        found[missing[n]].add(link)
    if len(cache) > _CACHE_LIMIT:
        cache.clear()
    for subject, some in found.items():
        newest = sorted(some, key=lambda one: (one.release_at, one.pk), reverse=True)
        known[subject] = cache[subject] = newest[:_CANDIDATES]
    return known


def _neighbours(story: Story, page: EditionPage, at: dt.datetime) -> dict[int, StoryLink]:
    """Return the neighbours of a story on a `page` of its issue: one query."""
    here = {"edition": page.edition_id, "number": page.number}
    here |= {"position": story.position, "story": story.pk}
    return dict(_links(_neighbours_query(), at=at, **here))


Query = tuple[str, list[Any], CompiledQuery[Story]]


def _links(query: Query, **given: Any) -> list[tuple[int, StoryLink]]:
    """Return the links that a query finds, each with the number of its part."""
    sql, params, links = query
    found = rows(sql, params, given)
    return [(row[-1], StoryLink(*links.to_python(row[: links.width]))) for row in found]


@cached_once
def _newest_query(*kinds: str) -> Query:
    """Return the query for the newest stories of subjects of these `kinds`."""
    links = CompiledQuery(Story.objects.visible(AT).for_links().order_by())
    parts: list[str] = []
    params: list[Any] = []
    for n, name in enumerate(kinds):
        kind = _KINDS[name]
        parts.append(_NEWEST.format(n=n, kind=kind, links=links.sql, limit=_ROWS))
        params += [*links.params, Parameter(f"key{n}"), AT]
    return " UNION ALL ".join(parts), params, links


@cached_once
def _neighbours_query() -> Query:
    """Return the query for the visible neighbours in an issue."""
    links = CompiledQuery(Story.objects.visible(AT).for_links().order_by())
    seen = CompiledQuery(Story.objects.visible(AT).only("id", "page", "position").order_by())
    here = [Parameter("edition"), Parameter("number"), Parameter("position"), Parameter("story")]
    parts: list[str] = []
    params: list[Any] = []
    for n, than, order in ((_BEFORE, "<", "DESC"), (_AFTER, ">", "ASC")):
        parts.append(_SIDE.format(n=n, seen=seen.sql, than=than, order=order))
        params += [*seen.params, *here]
    sql = _TITLES.format(found=" UNION ALL ".join(parts), links=links.sql)
    return sql, [*params, *links.params], links
