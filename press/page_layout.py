"""Page layout with the stories and their text.

Shared by the typeset web view and the PDF. Makes no query.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.safestring import SafeString, mark_safe

from textkit.body import Body

from . import layout_engine
from .body_split import split, unit_of
from .layout_engine import LIMITS, HeadlineLevel, SetBlock, StoryShape
from .models import EditionPage, Story

#: Share of a continued story that is set on its first page.
HEAD = 0.55


@dataclass(frozen=True)
class SetText:
    """One story as set on a page: whole, its beginning (下转), or its remainder (上接)."""

    story: Story
    block: SetBlock
    turns_to: EditionPage | None = None
    comes_from: EditionPage | None = None

    @cached_property
    def _parts(self) -> tuple[Body, Body]:
        """Return the HTML that is set here, and what does not fit.

        The beginning of a continued story is never cut further: the text between it and the
        remainder would be missing.
        """
        body = self.story.body
        unit = unit_of(body, self.story.chars)
        if self.turns_to or self.comes_from:
            head, rest = split(body, head_chars(self.story), least=1, unit=unit)
            if self.turns_to:
                return head, Body()
            body = rest
        return split(body, LIMITS[self.block.level], unit=unit)

    @property
    def text(self) -> SafeString:
        """Return the text that is set here, as sanitised at publication."""
        return mark_safe(self._parts[0])  # noqa: S308

    @property
    def is_cut(self) -> bool:
        """Return whether the text does not fit completely, so that 「全文」 follows."""
        return bool(self._parts[1])


@dataclass(frozen=True, slots=True)
class LayoutCell:
    """Stacked texts, `span` columns wide."""

    span: int
    settings: tuple[SetText, ...]


def head_chars(story: Story) -> int:
    """Return about how many characters of a continued story are set on its first page."""
    return min(round(story.chars * HEAD), LIMITS[HeadlineLevel.LEAD])


def shapes(page: EditionPage, stories: Sequence[Story]) -> tuple[StoryShape, ...]:
    """Return the shapes of the stories of `page`, some of which may begin on another page."""
    return tuple(_shape(page, story) for story in stories)


def _shape(page: EditionPage, story: Story) -> StoryShape:
    if story.page_id != page.pk:
        rest = story.chars - head_chars(story)
        return layout_engine.shape_of(story, chars=rest, is_rest=True)
    if _goes_on(story):
        return layout_engine.shape_of(story, chars=head_chars(story))
    return layout_engine.shape_of(story)


def _goes_on(story: Story) -> bool:
    return story.continued_on_id is not None and story.continued_on_id != story.page_id


def page_layout(page: EditionPage, stories: Sequence[Story]) -> list[list[LayoutCell]]:
    """Return the rows of cells of `page`, set from its stories and those continued on it.

    `stories` have `body`, `page` and `continued_on` loaded.
    """
    return [
        [
            LayoutCell(cell.span, tuple(_set_text(page, stories[b.story], b) for b in cell.blocks))
            for cell in row.cells
        ]
        for row in layout_engine.lay_out(shapes(page, stories))
    ]


def _set_text(page: EditionPage, story: Story, block: SetBlock) -> SetText:
    if story.page_id != page.pk:
        return SetText(story, block, comes_from=story.page)
    return SetText(story, block, turns_to=story.continued_on if _goes_on(story) else None)
