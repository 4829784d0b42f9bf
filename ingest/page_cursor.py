"""Looking ahead from a block: does a heading begin here, and what stands under it."""

from __future__ import annotations

from collections.abc import Sequence

from . import page_headings as headings
from .page_blocks import Block, is_author_line
from .page_unit import MAX_VERSE, Unit


class Cursor:
    """A place among the blocks of a page."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = blocks
        self.place = 0

    def __bool__(self) -> bool:
        """Return whether there is a block left."""
        return self.place < len(self.blocks)

    @property
    def block(self) -> Block:
        """Return the block here."""
        return self.blocks[self.place]

    def ahead(self, count: int) -> Block | None:
        """Return the block so many further on, or None past the end."""
        index = self.place + count
        return self.blocks[index] if 0 <= index < len(self.blocks) else None

    def is_author(self, ahead: int) -> bool:
        """Return whether the block there is one name on a line of its own, over a text."""
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
        """Return whether a dateline or a byline follows within two more short lines."""
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
        """Return whether the credit line there stands over a text, not under one."""
        after = self.ahead(ahead + 1)
        return (
            ahead <= start + 1
            and after is not None
            and not after.is_credit
            and (not after.is_short or self.is_verse_from(ahead + 1))
        )

    def is_verse_from(self, ahead: int) -> bool:
        """Return whether three short lines or more stand there, as those of a poem."""
        lines: list[str] = []
        for index in range(ahead, ahead + 3):
            block = self.ahead(index)
            if block is None or not block.is_short or _is_name(block):
                break
            lines += block.lines
        return len(lines) >= 3 and all(len(line) <= MAX_VERSE for line in lines)

    def is_over_text(self, ahead: int) -> bool:
        """Return whether the block there stands right over a text."""
        after = self.ahead(ahead + 1)
        return after is not None and (after.dateline is not None or not after.is_short)

    def can_head(self, ahead: int = 0) -> bool:
        """Return whether the short block there is no rest of a sentence that a column tore."""
        block = self.ahead(ahead)
        return block is not None and not (
            len(block.decks) == 1 and "，" in block.text and block.is_torn and len(block.text) > 24
        )

    def opens_by_itself(self) -> bool:
        """Return whether the short block here heads a story whatever stands before it.

        A notice is known by its kind (公告, 启事), a letter by its salutation under the heading.
        """
        after = self.ahead(1)
        if after is None or after.is_credit:
            return False
        text = self.block.text
        if after.is_short:
            # A label that names a column or a box, over a heading of its own.
            after = self.ahead(2)
            is_label = headings.is_section_label(text) or headings.is_sidebar(self.block.lines)
            return is_label and after is not None and not after.is_short
        return headings.is_notice(text) or headings.is_salutation(after.lines[0])

    def begins_story(self, unit: Unit | None) -> bool:
        """Return whether the short block here heads a story after `unit`, the one before it.

        It may be a subhead, a line of a poem, or the rest of a sentence instead.
        """
        if unit is None or (not unit.paragraphs and not unit.has_heading):
            return True
        if self.block.is_fragment:
            return False
        announced = self.is_announced()
        if self.block.is_exclaimed and not unit.is_closed:
            # Speech ends so too: here only what stands right over a text, or one line above, heads.
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

    def _is_pair(self, unit: Unit) -> bool:
        """Return whether two short lines stand over a text here: a label and a headline.

        A subhead inside a story comes alone.
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

    def is_under_title(self, unit: Unit) -> bool:
        """Return whether an author's name stands right under this short block, or one further.

        After a poem the block may be its last line, over the next title.
        """
        in_verse = unit.is_verse or self.is_verse_from(0)
        return not _is_name(self.block) and (
            self.is_author(1) or (self.is_author(2) and not in_verse)
        )

    def _looks_set(self, block: Block) -> bool:
        """Return whether a short block inside a text is set like a heading of its own."""
        if headings.is_signature(block.decks) or self.ahead(1) is None:
            return False
        if len(block.lines) > 1:
            return all(len(line) >= 4 for line in block.lines) and not self.is_verse_from(0)
        return (
            len(block.decks) > 1
            and all(len(d) >= (5 if len(block.decks) == 2 else 4) for d in block.decks)
            and "，" not in block.text
        )


def _is_name(block: Block) -> bool:
    return len(block.lines) == 1 and is_author_line(block.lines[0])
