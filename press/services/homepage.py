"""Services that change the arrangement of the homepage.

Each change names the version that the user saw. If somebody else changed the homepage first,
nothing is written and the user is told who it was.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from bylines.services import display_name
from paper.exceptions import Conflict, Forbidden, Hidden, Invalid
from paper.permissions import Capability, may
from paper.querysets import sections_in_use

from ..homepage import MOST_HEADLINES, MOST_IN_BLOCK, HomepageBlockContent, arrangement, edition_at
from ..models import Edition, HomepageBlock, HomepagePick, HomepageVersion, Story

_Place = HomepagePick.Place


def may_arrange_homepage(user: User | AnonymousUser) -> bool:
    """Return whether `user` may arrange the homepage."""
    return may(user, Capability.ARRANGE_HOMEPAGE)


def pick_story(pk: int, *, place: str, user: User, at: dt.datetime, version: int) -> Story:
    """Put a published story at the top of the homepage, as the lead or as the last headline.

    A story that is already there moves. The previous lead becomes the first headline. Raises
    Forbidden, Conflict; Hidden if the story is not visible; Invalid if there is no room.
    """
    with _change(user, at, version) as edition:
        story = Story.objects.visible(at).filter(pk=pk).first()
        if story is None:
            raise Hidden(_("There is no such published story."))
        rows = _picks(edition)
        known = next((row for row in rows if row.story_id == pk), None)
        pick = known or HomepagePick(story=story, edition=edition)
        others = [row for row in rows if row != pick]
        lead = [row for row in others if row.place == _Place.LEAD]
        headlines = [row for row in others if row.place == _Place.HEADLINES]
        if place == _Place.LEAD:
            lead, headlines = [pick], [*lead, *headlines]
        else:
            headlines.append(pick)
        _write_picks(lead, headlines)
    return story


def move_pick(pk: int, *, position: int, user: User, at: dt.datetime, version: int) -> None:
    """Move a chosen headline to `position`, from 1. Raises Forbidden, Conflict."""
    with _change(user, at, version) as edition:
        rows = _picks(edition)
        pick = _get_pick(rows, pk)
        lead = [row for row in rows if row.place == _Place.LEAD and row != pick]
        headlines = [row for row in rows if row.place == _Place.HEADLINES and row != pick]
        headlines.insert(max(0, position - 1), pick)
        _write_picks(lead, headlines)


def drop_pick(pk: int, *, user: User, at: dt.datetime, version: int) -> Story:
    """Remove a chosen story; the default takes its place. Raises Forbidden, Conflict."""
    with _change(user, at, version) as edition:
        pick = _get_pick(_picks(edition), pk)
        pick.delete()
    return pick.story


def set_stays(pk: int, stays: bool, *, user: User, at: dt.datetime, version: int) -> Story:
    """Set whether a chosen story stays over the next issues. Raises Forbidden, Conflict."""
    with _change(user, at, version) as edition:
        pick = _get_pick(_picks(edition), pk)
        # Without this, a story kept from an older issue would end at once.
        pick.stays, pick.edition = stays, edition
        pick.save(update_fields=["stays", "edition"])
    return pick.story


def move_block(key: str, *, position: int, user: User, at: dt.datetime, version: int) -> None:
    """Move a block to `position`, from 1. Raises Forbidden, Conflict."""

    def move(
        blocks: list[HomepageBlockContent], block: HomepageBlockContent
    ) -> list[HomepageBlockContent]:
        rest = [one for one in blocks if one != block]
        rest.insert(max(0, position - 1), block)
        return rest

    _arrange(key, move, user, at, version)


def show_block(key: str, is_shown: bool, *, user: User, at: dt.datetime, version: int) -> None:
    """Show or hide a block. Raises Forbidden, Conflict."""
    _update_block(key, {"is_shown": is_shown}, user, at, version)


def set_count(key: str, count: int, *, user: User, at: dt.datetime, version: int) -> None:
    """Set the number of stories that a block shows. Raises Forbidden, Conflict, Invalid."""
    _update_block(key, {"count": count}, user, at, version)


def _update_block(
    key: str, values: dict[str, Any], user: User, at: dt.datetime, version: int
) -> None:
    def put(
        blocks: list[HomepageBlockContent], block: HomepageBlockContent
    ) -> list[HomepageBlockContent]:
        if "count" in values and not block.count:
            raise Invalid([_("This block has no number of stories.")])
        if not 1 <= values.get("count", 1) <= MOST_IN_BLOCK:
            raise Invalid([_("Choose a number from 1 to %(most)d.") % {"most": MOST_IN_BLOCK}])
        return [replace(one, **values) if one == block else one for one in blocks]

    _arrange(key, put, user, at, version)


def _arrange(
    key: str,
    change: Callable[
        [list[HomepageBlockContent], HomepageBlockContent], list[HomepageBlockContent]
    ],
    user: User,
    at: dt.datetime,
    version: int,
) -> None:
    """Apply `change` to the block `key` and write all blocks in their order."""
    with _change(user, at, version) as edition:
        blocks = list(arrangement(sections_in_use(), edition).blocks)
        block = next((one for one in blocks if one.key == key), None)
        if block is None:
            raise Conflict(_("This block no longer exists. Please check again."))
        _write_blocks(change(blocks, block))


def _write_blocks(blocks: Sequence[HomepageBlockContent]) -> None:
    """Write the blocks; rows of sections not in use stay for when the section returns."""
    known = {(row.kind, row.section_id): row for row in HomepageBlock.objects.all()}
    new: list[HomepageBlock] = []
    for order, block in enumerate(blocks, start=1):
        of = (block.kind, block.section.pk if block.section else None)
        row = known.get(of) or HomepageBlock(kind=block.kind, section=block.section)
        row.order, row.count, row.is_shown = order, block.count, block.is_shown
        if row.pk is None:
            new.append(row)
    HomepageBlock.objects.bulk_create(new)
    HomepageBlock.objects.bulk_update(known.values(), ["order", "count", "is_shown"])


@contextmanager
def _change(user: User, at: dt.datetime, version: int) -> Iterator[Edition | None]:
    """Make one change: yield the newest edition after deleting the picks that have ended.

    Raises Forbidden; Conflict if the homepage has changed since `version`.
    """
    if not may_arrange_homepage(user):
        raise Forbidden(_("Your role cannot arrange the homepage."))
    with transaction.atomic():
        HomepageVersion.objects.get_or_create(pk=1)
        mine = HomepageVersion.objects.filter(pk=1, version=version)
        name = display_name(user)[:40]
        if not mine.update(version=F("version") + 1, changed_by=name, changed_at=at):
            raise Conflict(_conflict_message())
        edition = edition_at(at)
        HomepagePick.objects.ended(edition).delete()
        yield edition


def _conflict_message() -> str:
    page = HomepageVersion.objects.get(pk=1)
    if page.changed_at is None:
        return _("The homepage has changed since you opened it. Please check again.")
    return _(
        "%(name)s changed the homepage at %(time)s. Your change was not made: this is the "
        "current homepage."
    ) % {"name": page.changed_by, "time": timezone.localtime(page.changed_at).strftime("%H:%M")}


def _picks(edition: Edition | None) -> list[HomepagePick]:
    rows = HomepagePick.objects.counting(edition).select_related("story")
    return list(rows.defer("story__body").order_by("order", "pk"))


def _get_pick(rows: Sequence[HomepagePick], pk: int) -> HomepagePick:
    """Return the pick of the story `pk`. Raises Conflict if there is none."""
    for row in rows:
        if row.story_id == pk:
            return row
    raise Conflict(_("This story is no longer selected. Please check again."))


def _write_picks(lead: Sequence[HomepagePick], headlines: Sequence[HomepagePick]) -> None:
    if len(headlines) > MOST_HEADLINES:
        raise Invalid(
            [
                _("There can be at most %(most)d headlines. Take one off first.")
                % {"most": MOST_HEADLINES}
            ]
        )
    for place, rows in ((_Place.LEAD, lead), (_Place.HEADLINES, headlines)):
        for order, row in enumerate(rows, start=1):
            row.place, row.order = place, order
            row.save()
