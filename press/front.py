"""What stands on the readers' front page and in which order: the one place of these rules.

Editors choose the lead and the headlines and put the blocks in order; what they leave open is as
the paper itself is set: its first page on top, photo news, the sections in their order, the towns.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.db.models import Value

from paper.models import Section

from .models import Edition, FrontBlock, FrontPick, Story

#: How many of the newest stories the front page is made of.
NEWEST = 150
#: So many headlines there are, and so many at most where editors choose them.
HEADLINES, MOST_HEADLINES = 5, 8
#: How many stories a block shows where nobody said another number, and at most.
PER_SECTION, PHOTOS, MOST_IN_BLOCK = 5, 6, 12

_Kind = FrontBlock.Kind
_Place = FrontPick.Place


@dataclass(frozen=True, slots=True)
class Block:
    """One block in its place; `count` is 0 where it has no number of stories."""

    kind: str
    section: Section | None = None
    count: int = 0
    is_shown: bool = True

    @property
    def key(self) -> str:
        """Return what names the block: towns, section-3."""
        return f"{self.kind}-{self.section.pk}" if self.section else self.kind

    @property
    def label(self) -> str:
        """Return what the desk calls it."""
        return self.section.name if self.section else str(_Kind(self.kind).label)


@dataclass(frozen=True, slots=True)
class Row:
    """A block or a pick as the database has it: `pk` is that of the section or of the story."""

    is_pick: bool
    kind: str
    pk: int | None
    order: int
    count: int
    is_on: bool


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The front page as editors arranged it: the blocks, and the ids of the chosen stories."""

    blocks: tuple[Block, ...]
    lead: int | None
    headlines: tuple[int, ...]

    @property
    def picked(self) -> set[int]:
        """Return the ids of all chosen stories."""
        return {*self.headlines, *([self.lead] if self.lead else [])}


@dataclass(frozen=True, slots=True)
class Top:
    """What stands on top."""

    lead: Story | None
    headlines: list[Story]


def edition_at(at: dt.datetime) -> Edition | None:
    """Return the newest edition that is out at `at`."""
    return Edition.objects.visible(at).order_by("-date", "-part").first()


def arrangement(sections: Iterable[Section], edition: Edition | None) -> Arrangement:
    """Return the arrangement that counts while `edition` is the newest, in one query."""
    blocks = FrontBlock.objects.order_by().values_list(
        Value(0), "kind", "section_id", "order", "count", "is_shown"
    )
    picks = FrontPick.objects.counting(edition).order_by()
    chosen = picks.values_list(Value(1), "place", "story_id", "order", Value(0), "stays")
    rows = [Row(bool(is_pick), *rest) for is_pick, *rest in blocks.union(chosen, all=True)]
    rows.sort(key=lambda row: row.order)
    top = [row for row in rows if row.is_pick and row.pk]
    return Arrangement(
        tuple(blocks_of([row for row in rows if not row.is_pick], sections)),
        next((row.pk for row in top if row.kind == _Place.LEAD), None),
        tuple(row.pk for row in top if row.kind == _Place.HEADLINES and row.pk),
    )


def default_blocks(sections: Iterable[Section]) -> list[Block]:
    """Return the blocks as they stand where nobody arranged them.

    What the section of photo news has stands in the photo strip, with its pictures.
    """
    return [
        Block(_Kind.PAGES),
        Block(_Kind.PHOTOS, count=PHOTOS),
        *(
            Block(_Kind.SECTION, section, PER_SECTION, is_shown=not section.is_photo_news)
            for section in sections
        ),
        Block(_Kind.TOWNS),
    ]


def blocks_of(rows: Sequence[Row], sections: Iterable[Section]) -> list[Block]:
    """Return every block in its order: that of `rows`, and what is in none after its neighbour.

    So a new section stands behind the one before it in the paper's order, by itself.
    """
    usual = default_blocks(sections)
    named = {block.key: block for block in usual}
    found = [
        replace(named[key], count=row.count, is_shown=row.is_on)
        for row in rows
        if (key := f"{row.kind}-{row.pk}" if row.pk else row.kind) in named
    ]
    order = [block.key for block in found]
    for before, block in zip([None, *usual], usual, strict=False):
        if block.key not in order:
            place = order.index(before.key) + 1 if before else 0
            order.insert(place, block.key)
            found.insert(place, block)
    return found


def with_picked(newest: list[Story], picked: set[int]) -> list[Story]:
    """Return the visible `newest` stories with those of the `picked` ids that are older.

    Takes a query only where one is. What readers do not see is not among them.
    """
    missing = picked - {story.pk for story in newest}
    if not missing:
        return newest
    return [*newest, *Story.objects.visible().for_lists().filter(pk__in=missing).newest()]


def top_of(stories: Sequence[Story], edition: Edition | None, chosen: Arrangement) -> Top:
    """Return lead and headlines: those that were chosen, then the paper's own first page.

    `stories` are visible, newest first; a chosen one that is not among them leaves its place to
    the first page.
    """
    known = {story.pk: story for story in stories}
    headlines = [known[pk] for pk in chosen.headlines if pk in known]
    ranked = [story for story in first_page(stories, edition) if story not in headlines]
    lead = known.get(chosen.lead or 0) or _lead_of(ranked or headlines)
    places = max(HEADLINES, len(chosen.headlines))
    rest = [story for story in [*headlines, *ranked] if story != lead]
    # A first page of one story does not leave the place beside it empty.
    rest = rest or [story for story in stories if story.headline and story != lead]
    return Top(lead, rest[:places])


def first_page(stories: Iterable[Story], edition: Edition | None) -> list[Story]:
    """Return the stories of the edition's first pages in order; without any, the newest."""
    texts = [story for story in stories if story.headline]
    printed = [s for s in texts if edition and s.page and s.page.edition_id == edition.pk]
    printed.sort(key=lambda s: (s.page.number if s.page else 99, s.position))
    return printed or texts


def _lead_of(ranked: Sequence[Story]) -> Story | None:
    """Return the first of the foremost stories that has a photo, else the first."""
    return next((s for s in ranked[:HEADLINES] if s.photo_list), ranked[0] if ranked else None)
