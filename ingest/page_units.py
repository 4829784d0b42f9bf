"""From blocks to units: where a story begins, goes on, is signed and ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bylines.credit_line import Credit, parse, take_dateline, take_head, take_tail
from bylines.credit_names import is_name

from . import page_headings as headings
from .page_blocks import Block, breaks_off


@dataclass(slots=True)
class Unit:
    """A story while it is read: heading, text and signatures as they come."""

    section: str | None = None
    kicker: str | None = None
    headline: tuple[str, ...] = ()
    dateline: str | None = None
    paragraphs: list[str] = field(default_factory=list)
    #: The text of each block as it stood, to see what a column break repeated.
    pieces: list[str] = field(default_factory=list)
    credits: list[Credit] = field(default_factory=list)
    #: Signed at its end: nothing more belongs to it.
    is_closed: bool = False
    is_torn: bool = False
    has_heading: bool = False
    flags: list[str] = field(default_factory=list)
    parts: list[Unit] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return all text of the unit."""
        return "".join(self.paragraphs)

    @property
    def is_photo(self) -> bool:
        """Return whether the unit is a picture with its caption: all credits are for pictures."""
        roles = {credit.role for credit in self.credits}
        return bool(roles) and roles <= {"摄影", "供图", "图片"} and len(self.paragraphs) <= 2

    def add(self, text: str, *, is_torn: bool) -> None:
        """Append a block: to the paragraph that the last one broke off, or as a new one."""
        self.pieces.append(text)
        if self.is_torn and self.paragraphs:
            self.paragraphs[-1] += text
        else:
            self.paragraphs.append(text)
        self.is_torn = is_torn


class UnitReader:
    """Reads blocks in order; each kind of block has its method."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = blocks
        self.units: list[Unit] = []
        self.section: str | None = None
        self.section_is_group = False
        self.place = 0

    def read(self) -> list[Unit]:
        """Return the units of the page in order."""
        while self.place < len(self.blocks):
            block = self.blocks[self.place]
            if block.is_credit:
                self._credit_line(block)
            elif self._is_author(0) and self._awaits_author():
                self.units[-1].credits.append(Credit("".join(block.text.split()), "作者"))
            elif block.is_short and self._begins_story():
                self._heading()
                continue
            elif block.dateline:
                self._datelined(block)
            else:
                self._body(block)
            self.place += 1
        return self.units

    @property
    def _unit(self) -> Unit | None:
        return self.units[-1] if self.units else None

    def _block(self, ahead: int) -> Block | None:
        index = self.place + ahead
        return self.blocks[index] if index < len(self.blocks) else None

    def _is_author(self, ahead: int) -> bool:
        """Return whether the block there is one name on a line of its own, over a text."""
        block, after = self._block(ahead), self._block(ahead + 1)
        if block is None or after is None or after.is_short or len(block.lines) > 1:
            return False
        return len(block.text) <= 7 and is_name("".join(block.text.split()), strict=True)

    def _awaits_author(self) -> bool:
        unit = self._unit
        return bool(unit and unit.has_heading and not unit.paragraphs and not unit.credits)

    # Headings

    def _begins_story(self) -> bool:
        """Return whether the short block here heads a story, and is no subhead or torn line."""
        block, unit = self.blocks[self.place], self._unit
        if block.text in headings.PHOTO_LABELS:
            return True
        announced = self._is_announced()
        if unit is None or (not unit.paragraphs and not unit.has_heading):
            return True
        if unit.is_torn:
            return announced
        if (
            announced
            or self._is_author(1)
            or self._is_author(2)
            or (unit.is_closed and not headings.is_signature(block.decks))
        ):
            return True
        if not unit.paragraphs:
            return False
        return self._looks_set(block)

    def _is_announced(self) -> bool:
        """Return whether a dateline or a byline follows within two more short lines."""
        for ahead in (1, 2, 3):
            block = self._block(ahead)
            if block is None:
                return False
            if block.dateline:
                return True
            if block.is_credit:
                return self._is_head_byline(ahead)
            if not block.is_short:
                return False
        return False

    def _is_head_byline(self, ahead: int) -> bool:
        """Return whether the credit line there stands over a text, not under one."""
        after = self._block(ahead + 1)
        return ahead <= 2 and after is not None and not after.is_short and not after.is_credit

    def _looks_set(self, block: Block) -> bool:
        """Return whether a short block inside a text is set like a heading of its own."""
        if headings.is_signature(block.decks) or self._block(1) is None:
            return False
        if len(block.lines) > 1:
            return all(len(line) >= 4 for line in block.lines)
        return (
            len(block.decks) > 1
            and all(len(d) >= 5 for d in block.decks)
            and "，" not in block.text
        )

    def _heading(self) -> None:
        """Read the short blocks that head a story and open its unit."""
        block = self.blocks[self.place]
        if block.text in headings.PHOTO_LABELS:
            self.place += 1
            self.section, self.section_is_group = None, False
            self.units.append(Unit(is_closed=True))
            return
        kicker = self._label_above(block)
        block = self.blocks[self.place]
        self.place += 1
        heading = headings.read_heading(block.lines, block.decks)
        self.units.append(
            Unit(
                section=self.section,
                kicker=kicker or heading.kicker,
                headline=heading.lines
                if not kicker or not heading.kicker
                else (heading.kicker, *heading.lines),
                has_heading=True,
            )
        )
        if not self.section_is_group:
            self.section = None

    def _label_above(self, block: Block) -> str | None:
        """Read a label line above a heading: sets the section, or returns the kicker."""
        below = self._block(1)
        if below is None or not below.is_short:
            return None
        if not self._can_head(below) and not self._is_author(2):
            return None
        text = " ".join(block.decks)
        is_label = headings.is_label(block.decks)
        if not is_label and (len(below.text) <= 4 or not self._is_headed(1)):
            return None
        self.place += 1
        if is_label and not headings.is_unit(text):
            self.section, self.section_is_group = text, headings.is_group_label(text)
            return self._label_above(below)
        self.section, self.section_is_group = None, False
        return text

    def _can_head(self, block: Block) -> bool:
        return len(block.text) >= 4 and not (
            len(block.decks) == 1 and "，" in block.text and block.is_torn and len(block.text) > 24
        )

    def _is_headed(self, ahead: int) -> bool:
        after = self._block(ahead + 1)
        return after is not None and after.dateline is not None

    # Text

    def _datelined(self, block: Block) -> None:
        """Read a block with a dateline: the head of a story, brief, part or second source."""
        dateline, rest = take_dateline(block.text)
        credits, rest = take_head(rest)
        rest, tail = take_tail(rest)
        unit = self._unit
        if unit is None or unit.paragraphs or unit.is_closed:
            if unit is not None and self._is_second_source(unit, dateline, credits, tail):
                unit.credits += credits
                # As printed: the reader must see where the other source begins.
                unit.add(block.text, is_torn=self._is_torn(rest, tail))
                return
            unit = self._open()
        unit.dateline = dateline
        unit.credits += credits
        self._text(unit, rest, tail)

    def _is_second_source(
        self, unit: Unit, dateline: str | None, credits: Sequence[Credit], tail: Sequence[Credit]
    ) -> bool:
        """Return whether a dateline without heading goes on with the open story before it.

        So it does where another source reports on, by name, under one heading of several lines;
        a brief has a signature of its own at its end.
        """
        return (
            not unit.is_closed
            and not unit.is_torn
            and bool(credits)
            and not tail
            and unit.dateline is not None
            and dateline != unit.dateline
        )

    def _open(self) -> Unit:
        unit = Unit(section=self.section if self.section_is_group else None)
        self.units.append(unit)
        return unit

    def _body(self, block: Block) -> None:
        """Read a block of running text (or a subhead)."""
        text, tail = take_tail(block.text)
        unit = self._unit
        if unit is None or unit.is_closed or (tail and self._is_caption(unit, tail)):
            unit = self._open()
        self._text(unit, text, tail)

    def _is_caption(self, unit: Unit, tail: Sequence[Credit]) -> bool:
        """Return whether a paragraph signed 摄 in a story is the caption of a picture beside it."""
        return (
            all(credit.role == "摄影" for credit in tail)
            and bool(unit.credits or unit.dateline)
            and not unit.is_torn
        )

    def _text(self, unit: Unit, text: str, tail: Sequence[Credit]) -> None:
        if text:
            unit.add(text, is_torn=self._is_torn(text, tail))
        if tail:
            unit.credits += tail
            unit.is_closed = True

    def _is_torn(self, text: str, tail: Sequence[Credit]) -> bool:
        if tail or not text or not breaks_off(text):
            return False
        after = self._block(1)
        # A subhead ends without a stop too, but it is short and stands before a full paragraph.
        is_subhead = len(text) <= 14 and after is not None and not after.is_short
        return not is_subhead

    # Signatures

    def _credit_line(self, block: Block) -> None:
        """Read a line of credits: over a text, under it, under a picture, or astray."""
        unit, credits = self._unit, parse(block.text)
        if unit is None:
            return
        if not unit.paragraphs:
            unit.credits += credits
            return
        if unit.is_closed:
            if not unit.flags.count("stray_credit_line"):
                unit.flags.append("stray_credit_line")
            return
        if self._signs_last_paragraph(unit, credits):
            unit = self._cut_caption(unit)
        unit.credits += credits
        unit.is_closed = True

    def _signs_last_paragraph(self, unit: Unit, credits: Sequence[Credit]) -> bool:
        only_photo = all(credit.role == "摄影" for credit in credits)
        return only_photo and len(unit.paragraphs) > 1 and unit.dateline is not None

    def _cut_caption(self, unit: Unit) -> Unit:
        caption = Unit(section=unit.section)
        caption.add(unit.paragraphs.pop(), is_torn=False)
        self.units.append(caption)
        return caption


def read_units(blocks: Sequence[Block]) -> list[Unit]:
    """Return the units of a page; one without text and without heading is no story."""
    return [u for u in UnitReader(blocks).read() if u.paragraphs or u.has_heading]
