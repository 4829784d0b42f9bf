"""Tags of articles and stories: rename, merge and separate them without changing signed data.

Tag names are part of every signed revision and of every seal. So a renamed tag is not changed: it
becomes a former name of the current tag. Readers, lists, search and the next save of an article use
the current name; the record keeps the signed one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from taggit.models import Tag, TaggedItem

from paper.admin_log import note_change
from paper.permissions import Capability, may
from press.models import StoryTag, TagAlias
from press.services import tags as press_tags
from textkit.characters import code_points, private_characters
from textkit.tag_names import tag_key, tag_name

from ..exceptions import Conflict, Forbidden, Invalid
from ..models import Article
from ..text_limits import MAX_TAG, is_long_tag, is_lost_tag
from ..workflow.transitions import Actor
from . import search_index

#: Characters at which the article form splits its tags.
_DIVIDING = frozenset(',，、；;"')


def may_manage_tags(user: User | AnonymousUser) -> bool:
    """Return whether `user` may rename and merge tags."""
    return may(user, Capability.MANAGE_TAGS)


def tags_for(actor: Actor, articles: QuerySet[Article]) -> QuerySet[Any]:
    """Return the tags that a user may see: published, or on one of the visible `articles`.

    Tags that only other users' drafts have are left out, also from former names.
    """
    tags: QuerySet[Any] = Tag.objects.all()
    if actor.may(Capability.SEE_EVERYTHING):
        return tags
    in_print = StoryTag.objects.filter(tag=OuterRef("pk"))
    seen = articles.order_by().values("pk")
    borne = _items().filter(tag=OuterRef("pk"), object_id__in=seen)
    has_alias = Q(alias__isnull=False) | Exists(TagAlias.objects.filter(target=OuterRef("pk")))
    return tags.filter(Exists(in_print) | Exists(borne) | has_alias)


def _items() -> QuerySet[Any]:
    rows: QuerySet[Any] = TaggedItem.objects.filter(
        content_type__app_label="articles", content_type__model="article"
    )
    return rows


def usage_of(pks: Sequence[int], articles: QuerySet[Article]) -> dict[int, tuple[int, int]]:
    """Return, by tag id, the number of `articles` and of stories with each tag.

    Former names count for their current tag. Two queries for any number of tags.
    """
    root = Coalesce("tag__alias__target", "tag")
    seen = articles.order_by().values("pk")

    def counted(rows: QuerySet[Any], what: str) -> dict[int, int]:
        rows = rows.filter(Q(tag__in=pks) | Q(tag__alias__target__in=pks)).order_by()
        counts = rows.values(root=root).annotate(n=Count(what, distinct=True))
        return dict(counts.values_list("root", "n"))

    borne = counted(_items().filter(object_id__in=seen), "object_id")
    printed = counted(StoryTag.objects.all(), "story")
    return {pk: (borne.get(pk, 0), printed.get(pk, 0)) for pk in pks}


def checked_name(name: str) -> str:
    """Return the name of a tag as it is stored. Raises Invalid for an invalid name."""
    name = tag_name(name)
    if not name:
        raise Invalid([_("Please write a name.")])
    if _DIVIDING & set(name):
        raise Invalid(
            [_("A tag cannot contain a comma, semicolon or quotation mark: they separate tags.")]
        )
    if is_long_tag(name):
        values = {"start": name[:10], "limit": MAX_TAG}
        problem = _("The tag “%(start)s…” is longer than %(limit)d characters. Please shorten it.")
        raise Invalid([problem % values])
    if found := private_characters(name):
        problem = _("%(codes)s in the tag “%(tag)s”: only the font it was typed with can show it.")
        raise Invalid([problem % {"codes": code_points(found), "tag": name}])
    if is_lost_tag(name):
        problem = _("The tag “%(tag)s” cannot be used in a web address. Please choose another.")
        raise Invalid([problem % {"tag": name}])
    return name


def require_free_name(tag: Tag, name: str) -> None:
    """Raise Invalid where `name` is a spelling of a tag other than `tag` and its former names."""
    own = Q(pk=tag.pk) | Q(alias__target=tag)
    same = Tag.objects.filter(key__key=tag_key(name))
    other = same.exclude(own).select_related("alias__target")
    found = other.first()
    if found is not None:
        raise Invalid([_taken(found)])


def _taken(tag: Tag) -> str:
    target = _target_of(tag)
    if target is None:
        return _("The tag “%(name)s” already exists. Merge the two instead.") % {"name": tag.name}
    values = {"name": tag.name, "target": target.name}
    return _("“%(name)s” is a former name of the tag “%(target)s”. Merge the two instead.") % values


@transaction.atomic
def rename_tag(tag: Tag, name: str, *, user: User, at: dt.datetime) -> Tag:
    """Rename `tag` and return the tag with the new name; the old name becomes a former name.

    Raises Forbidden, Conflict (it is a former name), Invalid (the name).
    """
    name = checked_name(name)
    (locked,) = _locked(user, tag)
    _require_present(locked)
    require_free_name(locked, name)
    if name == locked.name:
        return locked
    known = Tag.objects.filter(name=name).first()
    if known is not None and not TagAlias.objects.filter(tag=known, target=locked).exists():
        raise Invalid([_taken(known)])
    renamed = press_tags.create_tag(name)
    values = {"old": locked.name, "new": name}
    _point(locked, renamed, at)
    for row in (locked, renamed):
        note_change(row, _("Renamed from “%(old)s” to “%(new)s”.") % values, by=user, at=at)
    return renamed


@transaction.atomic
def merge_tags(source: Tag, target: Tag, *, user: User, at: dt.datetime) -> None:
    """Merge `source` with all its former names into `target`.

    Raises Forbidden, Conflict where one of them has become a former name, Invalid for the same tag.
    """
    if source.pk == target.pk:
        raise Invalid([_("A tag cannot be merged into itself.")])
    one, other = _locked(user, source, target)
    _require_present(one)
    _require_present(other)
    values = {"source": one.name, "target": other.name}
    _point(one, other, at)
    note_change(one, _("Merged into “%(target)s”.") % values, by=user, at=at)
    note_change(other, _("“%(source)s” was merged into it.") % values, by=user, at=at)


@transaction.atomic
def separate_tag(tag: Tag, *, user: User, at: dt.datetime) -> None:
    """Turn a former name back into a separate tag. Raises Forbidden, Conflict if it is none."""
    (locked,) = _locked(user, tag)
    target = _target_of(locked)
    if target is None:
        raise Conflict(_("“%(name)s” is already a separate tag.") % {"name": locked.name})
    values = {"source": locked.name, "target": target.name}
    if tag_key(locked.name) == tag_key(target.name):
        raise Conflict(
            _("“%(source)s” and “%(target)s” are spellings of one tag and stay together.") % values
        )
    press_tags.remove_alias(locked)
    _reindex([locked.pk])
    note_change(locked, _("Separated from “%(target)s”.") % values, by=user, at=at)
    note_change(target, _("“%(source)s” was separated from it.") % values, by=user, at=at)


def _locked(user: User, *tags: Tag) -> list[Tag]:
    """Return the tags, locked in a fixed order, so that two merges cannot deadlock."""
    if not may_manage_tags(user):
        raise Forbidden(
            _("Only desk heads, the chief editor and administrators can rename and merge tags.")
        )
    wanted = [tag.pk for tag in tags]
    # No key lock: a publication at the same time may refer to them.
    rows = Tag.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk")
    found = {row.pk: row for row in rows}
    if len(found) < len(set(wanted)):
        raise Conflict(_("This tag no longer exists."))
    return [found[pk] for pk in wanted]


def _target_of(tag: Tag) -> Tag | None:
    alias = TagAlias.objects.filter(tag=tag).select_related("target").first()
    return alias.target if alias else None


def _require_present(tag: Tag) -> None:
    """Raise Conflict where `tag` is a former name."""
    target = _target_of(tag)
    if target is not None:
        values = {"name": tag.name, "target": target.name}
        raise Conflict(_("“%(name)s” is now a former name of “%(target)s”.") % values)


def _point(source: Tag, target: Tag, at: dt.datetime) -> None:
    _reindex(press_tags.set_alias(source, target, at=at))


def _reindex(tags: Sequence[int]) -> None:
    """Reindex everything with `tags`: articles before stories, the lock order of all writers."""
    keys = _items().filter(tag__in=tags).order_by("object_id").values_list("object_id", flat=True)
    search_index.refresh(list(keys.distinct()))
    press_tags.reindex_tagged(tags)
