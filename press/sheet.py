"""A page as it is set from its own stories: the layout with the stories and their text in it.

For the reader's typeset page and the PDF alike; asks the database nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.safestring import SafeString, mark_safe

from . import layout
from .layout import LIMITS, Block, Level, Shape
from .models import EditionPage, Story
from .parts import split

#: How much of a story that is continued stands on its first page.
HEAD = 0.55


@dataclass(frozen=True)
class Setting:
    """One story as it stands on a page: whole, or its head (下转), or its rest (上接)."""

    story: Story
    block: Block
    turns_to: EditionPage | None = None
    comes_from: EditionPage | None = None

    @cached_property
    def _parts(self) -> tuple[str, str]:
        """Return the HTML that stands here, and what the page has no room for.

        A head is never cut again: what is missing between it and its rest would stand nowhere.
        """
        body = self.story.body
        if self.turns_to or self.comes_from:
            head, rest = split(body, head_chars(self.story), least=1)
            if self.turns_to:
                return head, ""
            body = rest
        return split(body, LIMITS[self.block.level])

    @property
    def text(self) -> SafeString:
        """Return the text that stands here, as it was sanitised at print."""
        return mark_safe(self._parts[0])  # noqa: S308

    @property
    def is_cut(self) -> bool:
        """Return whether the page has no room for all: 「全文」."""
        return bool(self._parts[1])


@dataclass(frozen=True, slots=True)
class SheetCell:
    """Settings one above another, `span` columns wide."""

    span: int
    settings: tuple[Setting, ...]


def head_chars(story: Story) -> int:
    """Return about how many characters of a story that is continued stand on its first page."""
    return min(round(story.chars * HEAD), LIMITS[Level.LEAD])


def shapes(page: EditionPage, stories: Sequence[Story]) -> tuple[Shape, ...]:
    """Return the shapes of the stories of `page`, of which some begin on another page."""
    return tuple(_shape(page, story) for story in stories)


def _shape(page: EditionPage, story: Story) -> Shape:
    if story.page_id != page.pk:
        rest = story.chars - head_chars(story)
        return layout.shape_of(story, chars=rest, is_rest=True)
    if _goes_on(story):
        return layout.shape_of(story, chars=head_chars(story))
    return layout.shape_of(story)


def _goes_on(story: Story) -> bool:
    return story.continued_on_id is not None and story.continued_on_id != story.page_id


def sheet(page: EditionPage, stories: Sequence[Story]) -> list[list[SheetCell]]:
    """Return the rows of cells of `page`, set from its stories and those continued on it.

    `stories` have their bodies, and `page` and `continued_on` at hand.
    """
    return [
        [
            SheetCell(cell.span, tuple(_setting(page, stories[b.story], b) for b in cell.blocks))
            for cell in row.cells
        ]
        for row in layout.lay_out(shapes(page, stories))
    ]


def _setting(page: EditionPage, story: Story, block: Block) -> Setting:
    if story.page_id != page.pk:
        return Setting(story, block, comes_from=story.page)
    return Setting(story, block, turns_to=story.continued_on if _goes_on(story) else None)
