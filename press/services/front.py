"""The front page as editors arrange it: every write of it.

Each change names the version that the person saw. Where another was first nothing is done, and he
is told who it was.
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
from paper.errors import Conflict, Forbidden, Hidden, Invalid
from paper.querysets import sections_in_use
from paper.roles import Role, roles_of

from ..front import MOST_HEADLINES, MOST_IN_BLOCK, Block, arrangement, edition_at
from ..models import Edition, FrontBlock, FrontPage, FrontPick, Story

#: Who arranges the front page.
MAY = frozenset({Role.EDITOR, Role.HEAD, Role.CHIEF})
_Place = FrontPick.Place


def may_arrange_front(user: User | AnonymousUser) -> bool:
    """Return whether `user` may arrange the front page."""
    return bool(roles_of(user) & MAY)


def pick_story(pk: int, *, place: str, user: User, at: dt.datetime, version: int) -> Story:
    """Put a story in print on top of the front page: as the lead, or as the last headline.

    A story that is there already moves. Who was the lead before becomes the first headline. Raises
    Forbidden, Conflict; Hidden where readers see no such story; Invalid where there is no room.
    """
    with _change(user, at, version) as edition:
        story = Story.objects.visible(at).filter(pk=pk).first()
        if story is None:
            raise Hidden(_("There is no such story in print."))
        rows = _picks(edition)
        known = next((row for row in rows if row.story_id == pk), None)
        pick = known or FrontPick(story=story, edition=edition)
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
        pick = _the_pick(rows, pk)
        lead = [row for row in rows if row.place == _Place.LEAD and row != pick]
        headlines = [row for row in rows if row.place == _Place.HEADLINES and row != pick]
        headlines.insert(max(0, position - 1), pick)
        _write_picks(lead, headlines)


def drop_pick(pk: int, *, user: User, at: dt.datetime, version: int) -> Story:
    """Take a chosen story off; the paper's own takes its place. Raises Forbidden, Conflict."""
    with _change(user, at, version) as edition:
        pick = _the_pick(_picks(edition), pk)
        pick.delete()
    return pick.story


def set_stays(pk: int, stays: bool, *, user: User, at: dt.datetime, version: int) -> Story:
    """Let a chosen story stay over the next issues, or no longer. Raises Forbidden, Conflict."""
    with _change(user, at, version) as edition:
        pick = _the_pick(_picks(edition), pk)
        # Else it would end at once, where it stayed from an older issue.
        pick.stays, pick.edition = stays, edition
        pick.save(update_fields=["stays", "edition"])
    return pick.story


def move_block(key: str, *, position: int, user: User, at: dt.datetime, version: int) -> None:
    """Move a block to `position`, from 1. Raises Forbidden, Conflict."""

    def move(blocks: list[Block], block: Block) -> list[Block]:
        rest = [one for one in blocks if one != block]
        rest.insert(max(0, position - 1), block)
        return rest

    _arrange(key, move, user, at, version)


def show_block(key: str, is_shown: bool, *, user: User, at: dt.datetime, version: int) -> None:
    """Show a block, or hide it. Raises Forbidden, Conflict."""
    _put(key, {"is_shown": is_shown}, user, at, version)


def set_count(key: str, count: int, *, user: User, at: dt.datetime, version: int) -> None:
    """Say how many stories a block shows. Raises Forbidden, Conflict, Invalid."""
    _put(key, {"count": count}, user, at, version)


def _put(key: str, values: dict[str, Any], user: User, at: dt.datetime, version: int) -> None:
    def put(blocks: list[Block], block: Block) -> list[Block]:
        if "count" in values and not block.count:
            raise Invalid([_("This block has no number of stories.")])
        if not 1 <= values.get("count", 1) <= MOST_IN_BLOCK:
            raise Invalid([_("Choose a number from 1 to %(most)d.") % {"most": MOST_IN_BLOCK}])
        return [replace(one, **values) if one == block else one for one in blocks]

    _arrange(key, put, user, at, version)


def _arrange(
    key: str,
    change: Callable[[list[Block], Block], list[Block]],
    user: User,
    at: dt.datetime,
    version: int,
) -> None:
    """Change the block named `key`, and write all blocks in their order."""
    with _change(user, at, version) as edition:
        blocks = list(arrangement(sections_in_use(), edition).blocks)
        block = next((one for one in blocks if one.key == key), None)
        if block is None:
            raise Conflict(_("There is no such block any more. Please look again."))
        _write_blocks(change(blocks, block))


def _write_blocks(blocks: Sequence[Block]) -> None:
    """Write the blocks; rows of sections out of use keep what they hold for their return."""
    known = {(row.kind, row.section_id): row for row in FrontBlock.objects.all()}
    new: list[FrontBlock] = []
    for order, block in enumerate(blocks, start=1):
        of = (block.kind, block.section.pk if block.section else None)
        row = known.get(of) or FrontBlock(kind=block.kind, section=block.section)
        row.order, row.count, row.is_shown = order, block.count, block.is_shown
        if row.pk is None:
            new.append(row)
    FrontBlock.objects.bulk_create(new)
    FrontBlock.objects.bulk_update(known.values(), ["order", "count", "is_shown"])


@contextmanager
def _change(user: User, at: dt.datetime, version: int) -> Iterator[Edition | None]:
    """Make one change: give the newest edition, and take what ended with the former ones away.

    Raises Forbidden; Conflict where the front page has changed since `version`.
    """
    if not may_arrange_front(user):
        raise Forbidden(_("Your role does not arrange the front page."))
    with transaction.atomic():
        FrontPage.objects.get_or_create(pk=1)
        mine = FrontPage.objects.filter(pk=1, version=version)
        name = display_name(user)[:40]
        if not mine.update(version=F("version") + 1, changed_by=name, changed_at=at):
            raise Conflict(_meanwhile())
        edition = edition_at(at)
        FrontPick.objects.ended(edition).delete()
        yield edition


def _meanwhile() -> str:
    page = FrontPage.objects.get(pk=1)
    if page.changed_at is None:
        return _("The front page has changed since you looked at it. Please look again.")
    return _(
        "%(name)s changed the front page at %(time)s. Nothing of yours was done:"
        " this is how it stands now."
    ) % {"name": page.changed_by, "time": timezone.localtime(page.changed_at).strftime("%H:%M")}


def _picks(edition: Edition | None) -> list[FrontPick]:
    rows = FrontPick.objects.counting(edition).select_related("story")
    return list(rows.defer("story__body").order_by("order", "pk"))


def _the_pick(rows: Sequence[FrontPick], pk: int) -> FrontPick:
    """Return the pick of the story `pk`. Raises Conflict where there is none."""
    for row in rows:
        if row.story_id == pk:
            return row
    raise Conflict(_("This story is not among the chosen ones any more. Please look again."))


def _write_picks(lead: Sequence[FrontPick], headlines: Sequence[FrontPick]) -> None:
    if len(headlines) > MOST_HEADLINES:
        raise Invalid(
            [_("%(most)d headlines at most: take one off first.") % {"most": MOST_HEADLINES}]
        )
    for place, rows in ((_Place.LEAD, lead), (_Place.HEADLINES, headlines)):
        for order, row in enumerate(rows, start=1):
            row.place, row.order = place, order
            row.save()
