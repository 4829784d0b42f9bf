"""How full a page is: its room in characters and photos against what stands on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ..models import Page, Placement

SHORT, FITS, OVER = "short", "fits", "over"
WORDS: dict[str, Promise] = {SHORT: _("short"), FITS: _("fits"), OVER: _("over")}
#: A page with less than this share of its characters, in percent, is short (house rule).
ENOUGH = 85


@dataclass(frozen=True, slots=True)
class Room:
    """What stands on a page and what has room on it, in characters and photos; 0: not counted."""

    chars: int
    photos: int
    room_chars: int
    room_photos: int
    empty_columns: tuple[str, ...]

    @property
    def state(self) -> str:
        """Return "short", "fits" or "over"; "" where nobody counts."""
        if not self.room_chars and not self.room_photos:
            return ""
        is_over = self.room_chars and self.chars > self.room_chars
        if is_over or (self.room_photos and self.photos > self.room_photos):
            return OVER
        return SHORT if self.chars * 100 < self.room_chars * ENOUGH else FITS

    @property
    def words(self) -> str:
        """Return the state in words."""
        return str(WORDS.get(self.state, ""))


def room_of(page: Page, placements: Sequence[Placement]) -> Room:
    """Return how full `page` is with `placements`, whose articles have `photo_count`; no query."""
    filled = {placement.column for placement in placements}
    return Room(
        chars=sum(placement.article.chars for placement in placements),
        photos=sum(getattr(placement, "photo_count", 0) for placement in placements),
        room_chars=page.room_chars,
        room_photos=page.room_photos,
        empty_columns=tuple(name for name in page.columns if name not in filled),
    )
