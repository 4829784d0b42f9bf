"""Cursor over the blocks of a page, with look-ahead that recognises the start of a story."""

from __future__ import annotations

from collections.abc import Sequence

from . import headings
from .blocks import PageBlock, is_author_line
from .story_draft import MAX_VERSE, StoryDraft


class SegmenterCursor:
    """Position among the blocks of a page; `ahead` counts blocks from it."""

    def __init__(self, blocks: Sequence[PageBlock]) -> None:
        self.blocks = blocks
        self.place = 0

    def __bool__(self) -> bool:
        """Return whether blocks are left."""
        return self.place < len(self.blocks)

    @property
    def block(self) -> PageBlock:
        """Return the current block."""
        return self.blocks[self.place]

    def ahead(self, count: int) -> PageBlock | None:
        """Return the block `count` positions ahead, or None outside the page."""
        index = self.place + count
        return self.blocks[index] if 0 <= index < len(self.blocks) else None

    def is_author(self, ahead: int) -> bool:
        """Return whether the block is a single name on its own line above a text."""
        block, after = self.ahead(ahead), self.ahead(ahead + 1)
        return (
            block is not None
            and _is_name(block)
            and after is not None
            and not after.is_credit
            and after.dateline is None
            and not _is_name(after)
            and not (after.is_short and self._is_announced_from(ahead + 1))
        )

    def is_announced(self) -> bool:
        """Return whether a dateline or a byline follows, after at most two short blocks."""
        return self._is_announced_from(1)

    def _is_announced_from(self, start: int) -> bool:
        for ahead in range(start, start + 3):
            block = self.ahead(ahead)
            if block is None:
                return False
            if block.dateline:
                return True
            if block.is_credit:
                return self._is_head_byline(ahead, start)
            if not block.is_short:
                return False
        return False

    def _is_head_byline(self, ahead: int, start: int) -> bool:
        """Return whether the credit line is above a text, not below one."""
        after = self.ahead(ahead + 1)
        return (
            ahead <= start + 1
            and after is not None
            and not after.is_credit
            and (not after.is_short or self.is_verse_from(ahead + 1))
        )

    def is_verse_from(self, ahead: int) -> bool:
        """Return whether three or more short lines follow, as in a poem."""
        lines: list[str] = []
        for index in range(ahead, ahead + 3):
            block = self.ahead(index)
            if block is None or not block.is_short or _is_name(block):
                break
            lines += block.lines
        return len(lines) >= 3 and all(len(line) <= MAX_VERSE for line in lines)

    def is_over_text(self, ahead: int) -> bool:
        """Return whether the block is directly above a text."""
        after = self.ahead(ahead + 1)
        return after is not None and (after.dateline is not None or not after.is_short)

    def can_head(self, ahead: int = 0) -> bool:
        """Return whether the short block is not the rest of a sentence split by a column break."""
        block = self.ahead(ahead)
        return block is not None and not (
            len(block.decks) == 1 and "，" in block.text and block.is_torn and len(block.text) > 24
        )

    def opens_by_itself(self) -> bool:
        """Return whether the current short block heads a story whatever precedes it.

        A notice does, by its kind (公告, 启事), and a letter, by the salutation below its heading.
        """
        after = self.ahead(1)
        if after is None or after.is_credit:
            return False
        text = self.block.text
        if after.is_short:
            # The label of a column or a box, above a separate heading.
            after = self.ahead(2)
            is_label = headings.is_section_label(text) or headings.is_sidebar(self.block.lines)
            return is_label and after is not None and not after.is_short
        return headings.is_notice(text) or headings.is_salutation(after.lines[0])

    def begins_story(self, unit: StoryDraft | None) -> bool:
        """Return whether the current short block heads a story after `unit`, the previous one.

        Otherwise it is a subhead, a line of a poem, or the rest of a sentence.
        """
        if unit is None or (not unit.paragraphs and not unit.has_heading):
            return True
        if self.block.is_fragment:
            return False
        announced = self.is_announced()
        if self.block.is_exclaimed and not unit.is_closed:
            # Speech ends like this too, so a heading must be at most one line above a text.
            announced = announced and (self.is_over_text(0) or self.is_over_text(1))
        if unit.is_torn:
            return announced or (headings.is_notice(self.block.text) and len(self.block.text) <= 8)
        if unit.paragraphs and unit.is_verse and not unit.is_closed:
            announced = announced and self.is_over_text(0)
        if announced or self.opens_by_itself() or self._is_pair(unit) or self.is_under_title(unit):
            return True
        if unit.is_closed:
            return self.can_head() and not headings.is_signature(self.block.decks)
        return bool(unit.paragraphs) and self._looks_set(self.block)

    def _is_pair(self, unit: StoryDraft) -> bool:
        """Return whether two short lines precede a text here: a label and a headline.

        A subhead inside a story is a single line.
        """
        below, text = self.ahead(1), self.ahead(2)
        if below is None or text is None or not below.is_short or text.is_short or text.is_credit:
            return False
        pair = (self.block, below)
        return not (unit.is_verse or (unit.dateline is None and not unit.credits)) and all(
            len(block.lines) == 1
            and len(block.text) >= 4
            and not block.is_exclaimed
            and not block.is_fragment
            and not headings.is_unit(block.text)
            and not headings.is_signature(block.decks)
            and not _is_name(block)
            for block in pair
        )

    def is_under_title(self, unit: StoryDraft) -> bool:
        """Return whether an author's name follows this short block directly, or after one more.

        After a poem, the block may be its last line above the next title.
        """
        in_verse = unit.is_verse or self.is_verse_from(0)
        return not _is_name(self.block) and (
            self.is_author(1) or (self.is_author(2) and not in_verse)
        )

    def _looks_set(self, block: PageBlock) -> bool:
        """Return whether a short block inside a text is set like a separate heading."""
        if headings.is_signature(block.decks) or self.ahead(1) is None:
            return False
        if len(block.lines) > 1:
            return all(len(line) >= 4 for line in block.lines) and not self.is_verse_from(0)
        return (
            len(block.decks) > 1
            and all(len(d) >= (5 if len(block.decks) == 2 else 4) for d in block.decks)
            and "，" not in block.text
        )


def _is_name(block: PageBlock) -> bool:
    return len(block.lines) == 1 and is_author_line(block.lines[0])
