"""Capacity of a page: its room in characters and photos, and how much is used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ..models import Page, Placement

SHORT, FITS, OVER = "short", "fits", "over"
LABELS: dict[str, Promise] = {SHORT: _("short"), FITS: _("fits"), OVER: _("over")}
#: A page with less than this share of its characters, in percent, is short (house rule).
ENOUGH = 85


@dataclass(frozen=True, slots=True)
class PageCapacity:
    """Used and available room of a page, in characters and photos; 0 means no limit."""

    chars: int
    photos: int
    room_chars: int
    room_photos: int
    empty_columns: tuple[str, ...]

    @property
    def state(self) -> str:
        """Return "short", "fits" or "over"; "" where there is no limit."""
        if not self.room_chars and not self.room_photos:
            return ""
        is_over = self.room_chars and self.chars > self.room_chars
        if is_over or (self.room_photos and self.photos > self.room_photos):
            return OVER
        return SHORT if self.chars * 100 < self.room_chars * ENOUGH else FITS

    @property
    def label(self) -> str:
        """Return the label of the state."""
        return str(LABELS.get(self.state, ""))


def capacity_of(page: Page, placements: Sequence[Placement]) -> PageCapacity:
    """Return the capacity of `page` with `placements` (articles with `photo_count`); no query."""
    filled = {placement.column for placement in placements}
    return PageCapacity(
        chars=sum(placement.article.chars for placement in placements),
        photos=sum(getattr(placement, "photo_count", 0) for placement in placements),
        room_chars=page.room_chars,
        room_photos=page.room_photos,
        empty_columns=tuple(name for name in page.columns if name not in filled),
    )
