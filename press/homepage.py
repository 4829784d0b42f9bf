"""Content and order of the homepage: the only place for these rules.

Editors choose the lead and the headlines and order the blocks. What they leave open follows the
paper itself: its front page on top, photo news, the sections in their order, the towns.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.db.models import Value

from paper.models import Section

from .models import Edition, HomepageBlock, HomepagePick, Story

#: Number of newest stories from which the homepage is built.
NEWEST = 150
#: Number of headlines by default, and the maximum that editors may choose.
HEADLINES, MOST_HEADLINES = 5, 8
#: Stories per section block and photo block by default, and the maximum of any block.
PER_SECTION, PHOTOS, MOST_IN_BLOCK = 5, 6, 12

_Kind = HomepageBlock.Kind
_Place = HomepagePick.Place


@dataclass(frozen=True, slots=True)
class HomepageBlockContent:
    """One block of the homepage; `count` is 0 if it has no number of stories."""

    kind: str
    section: Section | None = None
    count: int = 0
    is_shown: bool = True

    @property
    def key(self) -> str:
        """Return the block's identifier, such as towns or section-3."""
        return f"{self.kind}-{self.section.pk}" if self.section else self.kind

    @property
    def label(self) -> str:
        """Return the block's name at the desk."""
        return self.section.name if self.section else str(_Kind(self.kind).label)


@dataclass(frozen=True, slots=True)
class HomepageRow:
    """A block or a pick as a database row; `pk` is that of the section or of the story."""

    is_pick: bool
    kind: str
    pk: int | None
    order: int
    count: int
    is_on: bool


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The homepage as arranged by editors: the blocks and the ids of the chosen stories."""

    blocks: tuple[HomepageBlockContent, ...]
    lead: int | None
    headlines: tuple[int, ...]

    @property
    def picked(self) -> set[int]:
        """Return the ids of all chosen stories."""
        return {*self.headlines, *([self.lead] if self.lead else [])}


@dataclass(frozen=True, slots=True)
class HomepageTop:
    """The lead and the headlines at the top of the homepage."""

    lead: Story | None
    headlines: list[Story]


def edition_at(at: dt.datetime) -> Edition | None:
    """Return the newest edition that is out at `at`."""
    return Edition.objects.visible(at).order_by("-date", "-part").first()


def arrangement(sections: Iterable[Section], edition: Edition | None) -> Arrangement:
    """Return the arrangement that applies while `edition` is the newest, in one query."""
    blocks = HomepageBlock.objects.order_by().values_list(
        Value(0), "kind", "section_id", "order", "count", "is_shown"
    )
    picks = HomepagePick.objects.counting(edition).order_by()
    chosen = picks.values_list(Value(1), "place", "story_id", "order", Value(0), "stays")
    rows = [HomepageRow(bool(is_pick), *rest) for is_pick, *rest in blocks.union(chosen, all=True)]
    rows.sort(key=lambda row: row.order)
    top = [row for row in rows if row.is_pick and row.pk]
    return Arrangement(
        tuple(blocks_of([row for row in rows if not row.is_pick], sections)),
        next((row.pk for row in top if row.kind == _Place.LEAD), None),
        tuple(row.pk for row in top if row.kind == _Place.HEADLINES and row.pk),
    )


def default_blocks(sections: Iterable[Section]) -> list[HomepageBlockContent]:
    """Return the blocks of a homepage that nobody has arranged.

    Stories of the photo news section appear in the photo strip, with their photos.
    """
    return [
        HomepageBlockContent(_Kind.PAGES),
        HomepageBlockContent(_Kind.PHOTOS, count=PHOTOS),
        *(
            HomepageBlockContent(
                _Kind.SECTION, section, PER_SECTION, is_shown=not section.is_photo_news
            )
            for section in sections
        ),
        HomepageBlockContent(_Kind.TOWNS),
    ]


def blocks_of(
    rows: Sequence[HomepageRow], sections: Iterable[Section]
) -> list[HomepageBlockContent]:
    """Return all blocks in order: those of `rows`, and missing ones after their neighbours.

    A missing block follows the block that precedes it by default, so a new section follows the
    section before it in the paper's order.
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
    """Return the visible `newest` stories, extended by those of the `picked` ids that are older.

    Makes a query only if a picked story is missing. Stories that readers cannot see are left out.
    """
    missing = picked - {story.pk for story in newest}
    if not missing:
        return newest
    return [*newest, *Story.objects.visible().for_lists().filter(pk__in=missing).newest()]


def top_of(stories: Sequence[Story], edition: Edition | None, chosen: Arrangement) -> HomepageTop:
    """Return lead and headlines: those chosen by editors, then those of the front page.

    `stories` are visible, newest first. A chosen story that is not among them is replaced by one of
    the front page.
    """
    known = {story.pk: story for story in stories}
    headlines = [known[pk] for pk in chosen.headlines if pk in known]
    ranked = [story for story in front_page(stories, edition) if story not in headlines]
    lead = known.get(chosen.lead or 0) or _lead_of(ranked or headlines)
    places = max(HEADLINES, len(chosen.headlines))
    rest = [story for story in [*headlines, *ranked] if story != lead]
    # If the front page has one story only, others fill the place beside it.
    rest = rest or [story for story in stories if story.headline and story != lead]
    return HomepageTop(lead, rest[:places])


def front_page(stories: Iterable[Story], edition: Edition | None) -> list[Story]:
    """Return the stories of the edition in page order, or the newest stories if there are none."""
    texts = [story for story in stories if story.headline]
    printed = [s for s in texts if edition and s.page and s.page.edition_id == edition.pk]
    printed.sort(key=lambda s: (s.page.number if s.page else 99, s.position))
    return printed or texts


def _lead_of(ranked: Sequence[Story]) -> Story | None:
    """Return the first of the leading stories that has a photo, else the first story."""
    return next((s for s in ranked[:HEADLINES] if s.photo_list), ranked[0] if ranked else None)
