"""Tag services: find or create tags by name, and make one an alias of another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone
from taggit.models import Tag

from textkit.pinyin import sort_key
from textkit.tag_names import tag_key

from .. import search_index
from ..models import Story, StoryTag, TagAlias, TagKey
from ..tags import spelled_like

#: Maximum number of names in one query, and of stories indexed at once.
_BATCH = 500


def tags_named(names: Iterable[str]) -> dict[str, Tag]:
    """Return the tags of exactly these names, creating the missing ones."""
    wanted = list(dict.fromkeys(names))
    known: dict[str, Tag] = {}
    for start in range(0, len(wanted), _BATCH):
        found = Tag.objects.filter(name__in=wanted[start : start + _BATCH])
        known |= {tag.name: tag for tag in found}
    # By their keys: two texts that create the same tags at once wait for each other in one order.
    for name in sorted(set(wanted) - set(known), key=lambda name: (tag_key(name), name)):
        known[name] = create_tag(name)
    return {name: known[name] for name in wanted}


@transaction.atomic
def create_tag(name: str) -> Tag:
    """Return the tag of exactly this name, which is created if it does not exist.

    A new tag that is only another spelling of an older one becomes an alias of it: a signed text
    may name a spelling that is no longer used, and two texts may create one tag at once.
    """
    # Another article or story may create the same tag at this moment.
    tag, is_new = Tag.objects.get_or_create(name=name)
    if is_new and not _is_first(tag):
        older = spelled_like(name) or tag
        TagKey.objects.create(tag=tag, key=tag_key(name), sort_key=sort_key(name))
        target = older.alias.target if hasattr(older, "alias") else older
        TagAlias.objects.create(tag=tag, target=target, at=timezone.now())
    return tag


def _is_first(tag: Tag) -> bool:
    """Write the row of a new tag as the first of its spellings; False if there is an older one."""
    if spelled_like(tag.name) is not None:
        return False
    row = TagKey(tag=tag, key=tag_key(tag.name), sort_key=sort_key(tag.name), is_first=True)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        # Another spelling was created since.
        return False
    return True


@transaction.atomic
def set_alias(source: Tag, target: Tag, *, at: dt.datetime) -> list[int]:
    """Make `source` and its former names aliases of `target`; return the ids that changed.

    The caller has locked both tags. `target` is no former name, except of `source`: then the two
    are swapped. Neither tags nor stories are written, so every seal stays valid.
    """
    TagAlias.objects.filter(tag=target, target=source).delete()
    moved = TagAlias.objects.filter(target=source)
    changed = [source.pk, *moved.values_list("tag", flat=True)]
    moved.update(target=target, at=at)
    TagAlias.objects.update_or_create(tag=source, defaults={"target": target, "at": at})
    return changed


def remove_alias(tag: Tag) -> None:
    """Make a former name a separate tag again."""
    TagAlias.objects.filter(tag=tag).delete()


def reindex_tagged(tags: Sequence[int]) -> None:
    """Rewrite the search index of the stories under `tags` (ids): it holds the current names."""
    filed = StoryTag.objects.filter(tag__in=tags).order_by("story")
    numbers = list(filed.values_list("story", flat=True).distinct())
    for start in range(0, len(numbers), _BATCH):
        chosen = Story.objects.filter(pk__in=numbers[start : start + _BATCH], withdrawn_at=None)
        # Locked, so that no correction is committed between this read and the write.
        search_index.put(list(chosen.order_by("pk").select_for_update()))
