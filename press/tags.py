"""Current names of tags; former names come from `TagAlias`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from django.db.models import Exists, F, OuterRef, QuerySet
from taggit.models import Tag

from textkit.tag_names import tag_key

from .models import StoryTag, TagAlias
from .querysets import StoryIndexEntryQuerySet

#: Maximum number of names in one query.
_BATCH = 500


@dataclass(frozen=True, slots=True)
class TagAliases:
    """All former names: `targets` by tag id, `names` by tag name."""

    targets: Mapping[int, int] = field(default_factory=lambda: MappingProxyType({}))
    names: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def current(self, names: Iterable[str]) -> list[str]:
        """Return the current forms of `names`, without duplicates, in their order."""
        return list(dict.fromkeys(self.names.get(name, name) for name in names))

    def family(self, pk: int) -> list[int]:
        """Return the ids of the tag `pk` and of its former names, the tag first."""
        root = self.targets.get(pk, pk)
        return [root, *sorted(one for one, target in self.targets.items() if target == root)]

    def spellings(self, name: str) -> list[str]:
        """Return the name of a tag and its former names, the current name first."""
        root = self.names.get(name, name)
        return [root, *sorted(old for old, target in self.names.items() if target == root)]


def tag_aliases() -> TagAliases:
    """Return all former names, in one query: they are few."""
    rows = TagAlias.objects.order_by().values_list("tag", "tag__name", "target", "target__name")
    found = list(rows)
    return TagAliases(
        {pk: target for pk, _name, target, _target_name in found},
        {name: target_name for _pk, name, _target, target_name in found},
    )


def public_tags(at: dt.datetime | None = None) -> QuerySet[Tag]:
    """Return the tags of stories visible at `at`, without former names."""
    rows = StoryTag.objects.visible(at)
    own = rows.filter(tag=OuterRef("pk"))
    by_alias = rows.filter(tag__alias__target=OuterRef("pk"))
    return Tag.objects.filter(Exists(own) | Exists(by_alias), alias=None)


def by_pinyin(tags: QuerySet[Tag]) -> QuerySet[Tag]:
    """Return `tags` in the order of their pinyin; one that was created elsewhere comes last."""
    return tags.order_by(F("key__sort_key").asc(nulls_last=True), "name", "pk")


def filed_under(pks: Sequence[int]) -> StoryIndexEntryQuerySet:
    """Return the rows that list stories under a tag, given as returned by `TagAliases.family`."""
    rows = StoryTag.objects
    return rows.by_one(pks, "tag") if len(pks) > 1 else rows.filter(tag=pks[0])


def current_names(typed: Sequence[str]) -> list[str]:
    """Return the names under which typed tags are saved, without duplicates.

    A tag that exists is matched by its key, regardless of case, width and invisible characters; a
    former name becomes the current name. A new tag stays as typed.
    """
    exact: dict[str, str] = {}
    by_key: dict[str, str] = {}
    for name, key, current in _known_names(typed):
        exact[name] = current
        by_key.setdefault(key, current)
    # `setdefault`: of two spellings of a new tag the first one is used.
    found = [exact.get(name) or by_key.setdefault(tag_key(name), name) for name in typed]
    return list(dict.fromkeys(found))


def known_tags(typed: Sequence[str]) -> list[str]:
    """Return those of `typed` that are a spelling of an existing tag."""
    keys = {key for _name, key, _current in _known_names(typed)}
    return [name for name in typed if tag_key(name) in keys]


def spelled_like(name: str) -> Tag | None:
    """Return the first spelling of the tag that `name` means, or None."""
    return Tag.objects.filter(key__key=tag_key(name), key__is_first=True).first()


def _known_names(typed: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Yield (name, key, current name) of the tags that have the keys of `typed`, oldest first."""
    wanted = sorted({tag_key(name) for name in typed})
    rows = Tag.objects.order_by("pk").values_list("name", "key__key", "alias__target__name")
    for start in range(0, len(wanted), _BATCH):
        for name, key, target in rows.filter(key__key__in=wanted[start : start + _BATCH]):
            yield name, key, target or name
