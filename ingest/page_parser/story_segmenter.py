"""Segmentation of blocks into stories: where each begins, continues, is signed and ends."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bylines.credits.line import Credit, parse, take_dateline, take_head, take_tail
from bylines.credits.words import PICTURE
from bylines.names import tidy_name

from . import headings
from .blocks import PageBlock, breaks_off
from .segmenter_cursor import SegmenterCursor
from .story_draft import MAX_VERSE, StoryDraft

#: Number of a picture before its caption (1、); before other text it is part of the text.
_NUMBERED = re.compile(r"^[0-9０-９]{1,2}[、.．]\s*")
_JUMP = r"(?:下转|上接|紧接|转接)[^（）()。，]{0,16}"
_JUMP_LINE = re.compile(rf"[（(【\[]?[▲▼►◄→←★●■\s]*{_JUMP}[）)】\]]?")
_JUMP_END = re.compile(rf"\s*[（(【\[]\s*{_JUMP}[）)】\]]\s*$")
_JUMP_HEAD = re.compile(rf"^[（(【\[]\s*{_JUMP}[）)】\]]\s*")
_DATE = re.compile(
    r"[0-9０-９〇○零一二三四五六七八九十]{2,4}年[^，。]{2,12}日|[0-9０-９一二三四五六七八九十]{1,3}月[0-9０-９一二三四五六七八九十]{1,3}日"
)
_MAX_SUBHEAD = 14
#: The beginning of a line of credits that has its own label.
_LABELLED = re.compile(r"\S{1,6}?[:：|｜丨]")
#: Description of the author without a name: it stays in the text and ends the story.
_AUTHOR_NOTE = re.compile(r"[（(]作者(?:单位|简介|系|为|是|现为|地址)[^（）()]{2,80}[）)]$")


class StorySegmenter:
    """Parser that processes blocks in order, with a method for each kind of block."""

    def __init__(self, blocks: Sequence[PageBlock]) -> None:
        self.cursor = SegmenterCursor(blocks)
        self.units: list[StoryDraft] = []
        self.section: str | None = None
        self.section_is_group = False
        #: Whether all stories of the group so far have a unit above their headlines.
        self.group_is_of_units = False
        #: Whether a note above the next heading marks a story continued from another page.
        self.is_carried_over = False
        #: Lines that belong to no story: a label above a photo, a signature above everything.
        self.unassigned: list[str] = []

    def read(self) -> list[StoryDraft]:
        """Return the units of the page in order."""
        while self.cursor:
            block = self.cursor.block
            if len(block.text) <= 24 and _JUMP_LINE.fullmatch(block.text):
                self._jump_line(block.text)
            elif block.is_credit:
                self._credit_line(block)
            elif self._awaits_author() and self.cursor.is_author(0):
                self.units[-1].credits.append(Credit(tidy_name(block.text), "作者"))
            elif block.is_short and (self._is_photo_label(block) or self._begins_story()):
                self._heading()
                continue
            elif block.dateline:
                self._datelined(block)
            else:
                self._body(block)
            self.cursor.place += 1
        return self.units

    @property
    def _unit(self) -> StoryDraft | None:
        return self.units[-1] if self.units else None

    def _awaits_author(self) -> bool:
        unit = self._unit
        return bool(unit and unit.has_heading and not unit.paragraphs and not unit.credits)

    def _jump_line(self, text: str) -> None:
        unit = self._unit
        if "下转" in text and unit is not None:
            unit.add_flag("continued")
            unit.is_closed, unit.is_torn = True, False
        else:
            self.is_carried_over = True

    # Headings

    def _is_photo_label(self, block: PageBlock) -> bool:
        return block.text in headings.PHOTO_LABELS

    def _begins_story(self) -> bool:
        return self.cursor.begins_story(self._unit)

    def _heading(self) -> None:
        """Process the short blocks that head a story, and open its unit."""
        if self._is_photo_label(self.cursor.block):
            self.unassigned.append(self.cursor.block.text)
            self.cursor.place += 1
            self.section, self.section_is_group = None, False
            self.units.append(StoryDraft(is_closed=True))
            return
        if self._is_label_alone():
            return
        above = self._lines_above()
        block = self.cursor.block
        self.cursor.place += 1
        lines, decks = self._without_label([*above, *block.lines], block.decks)
        heading = headings.read_heading(lines, lines if above else decks, apart=len(above) == 1)
        self._update_group(heading.kicker)
        unit = StoryDraft(section=self.section, kicker=heading.kicker, headline=heading.lines)
        unit.has_heading = True
        self._carry(unit)
        self.units.append(unit)
        if not self.section_is_group:
            self.section = None

    def _update_group(self, kicker: str | None) -> None:
        """End a group of briefs from units at the first heading without a unit above it."""
        is_of_unit = kicker is not None and headings.is_unit(kicker)
        began = bool(self.units) and self.units[-1].section == self.section
        if self.section_is_group and began and self.group_is_of_units and not is_of_unit:
            self.section, self.section_is_group = None, False
        self.group_is_of_units = is_of_unit and (self.group_is_of_units or not began)

    def _is_label_alone(self) -> bool:
        """Process a label above briefs without headings (简讯)."""
        block, below = self.cursor.block, self.cursor.ahead(1)
        text = " ".join(block.decks)
        if below is None or below.is_short or below.is_credit or len(text) > headings.MAX_LABEL:
            return False
        if not headings.is_group_label(text):
            return False
        self.section, self.section_is_group = text, True
        self.units.append(StoryDraft(is_closed=True))
        self.cursor.place += 1
        return True

    def _carry(self, unit: StoryDraft) -> None:
        """Flag a story continued from another page (上接第一版), by a line or in its heading."""
        lines = tuple(_JUMP_HEAD.sub("", _JUMP_END.sub("", line)) for line in unit.headline)
        if self.is_carried_over or lines != unit.headline:
            unit.headline = tuple(filter(None, lines))
            unit.add_flag("continued")
            self.is_carried_over = False

    def _without_label(self, lines: list[str], decks: list[str]) -> tuple[list[str], list[str]]:
        """Remove a section label from the beginning of a heading's lines."""
        if len(lines) < 2 or not headings.is_section_label(lines[0]):
            return lines, decks
        self.section, self.section_is_group = lines[0], headings.is_group_label(lines[0])
        rest = lines[1:]
        return rest, rest if len(rest) > 1 else rest[0].split()

    def _lines_above(self) -> list[str]:
        """Process the single lines above a heading: labels set the section, others belong to it."""
        above: list[str] = []
        while (below := self.cursor.ahead(1)) is not None and self._is_above(below):
            block = self.cursor.block
            text = " ".join(block.decks)
            if headings.is_section(block.decks) or (
                headings.is_label(block.decks)
                and headings.has_unit_kicker(below.lines, below.decks)
            ):
                self.section, self.section_is_group = text, headings.is_group_label(text)
            else:
                self.section, self.section_is_group = self._section_above(), False
                above += block.lines
            self.cursor.place += 1
        return above

    def _section_above(self) -> str | None:
        """Return the current section if its label is directly above, else None."""
        before = self.cursor.ahead(-1)
        return self.section if before is not None and before.text == self.section else None

    def _is_above(self, below: PageBlock) -> bool:
        """Return whether the current block and the short one below it form one heading."""
        if not below.is_short or headings.is_notice(below.text) or self._is_photo_label(below):
            return False
        if not (len(below.text) >= 4 and self.cursor.can_head(1)) and not self.cursor.is_author(2):
            return False
        if self.cursor.is_author(1):
            return False
        return headings.is_label(self.cursor.block.decks) or (
            len(below.text) > 4 and self.cursor.is_announced()
        )

    # Text

    def _datelined(self, block: PageBlock) -> None:
        """Process a block with a dateline: the head of a story, brief, part or second source."""
        dateline, rest = take_dateline(block.text)
        credits, rest = take_head(rest)
        rest, tail = take_tail(rest)
        unit = self._unit
        if unit is None or unit.paragraphs or unit.is_closed:
            if unit is not None and self._is_second_source(unit, dateline, credits, tail):
                unit.credits += credits
                # Unchanged, so that readers see where the other source begins.
                unit.add(block.text, is_torn=self._is_torn(rest, tail))
                return
            unit = self._open()
        unit.dateline = dateline
        unit.credits += credits
        self._text(unit, rest, tail)

    def _is_second_source(
        self,
        unit: StoryDraft,
        dateline: str | None,
        credits: Sequence[Credit],
        tail: Sequence[Credit],
    ) -> bool:
        """Return whether a dateline without a heading continues the open story before it.

        It does if another named source reports under the same heading; a brief would have a
        signature at its end.
        """
        return (
            not unit.is_closed
            and not unit.is_torn
            and bool(credits)
            and not tail
            and unit.dateline is not None
            and dateline != unit.dateline
        )

    def _open(self) -> StoryDraft:
        unit = StoryDraft(section=self.section if self.section_is_group else None)
        self.units.append(unit)
        return unit

    def _body(self, block: PageBlock) -> None:
        """Process a block of running text, a subhead, or the lines of a poem."""
        unit = self._unit
        if unit is not None and not unit.is_closed and self._is_verse(unit):
            for line in block.lines:
                unit.add(line, is_torn=False)
            return
        text, tail = take_tail(block.text)
        if tail and all(credit.role in PICTURE for credit in tail):
            text = _NUMBERED.sub("", text) or text
        if unit is not None and not unit.is_closed and tail and self._is_caption(unit, tail):
            caption = self._open()
            self._give_title(caption, unit)
            unit = caption
        elif unit is None or unit.is_closed:
            unit = self._open()
        self._text(unit, text, tail)

    def _is_verse(self, unit: StoryDraft) -> bool:
        """Return whether the current short block is a line or a stanza of a poem."""
        if not unit.is_verse or unit.is_torn or unit.dateline:
            return False
        block = self.cursor.block
        if any(len(line) > MAX_VERSE for line in block.lines):
            return False
        if not block.is_short:
            return len(block.lines) > 1
        return len(unit.paragraphs) >= 2 or self.cursor.is_verse_from(0)

    def _is_caption(self, unit: StoryDraft, tail: Sequence[Credit]) -> bool:
        """Return whether a paragraph signed 摄 is the caption of a picture beside the story."""
        return (
            all(credit.role in PICTURE for credit in tail)
            and bool(unit.credits or unit.dateline)
            and bool(unit.paragraphs)
            and not unit.is_torn
        )

    def _text(self, unit: StoryDraft, text: str, tail: Sequence[Credit]) -> None:
        text, ends = self._without_jump(unit, text)
        if text:
            unit.add(text, is_torn=not ends and self._is_torn(text, tail))
        else:
            unit.bare.append(self.cursor.block.text)
        unit.credits += tail
        if tail or ends or _AUTHOR_NOTE.search(text[-90:]):
            unit.is_closed = True

    def _without_jump(self, unit: StoryDraft, text: str) -> tuple[str, bool]:
        """Remove 下转 and 上接 from a text, and flag the unit; 下转 ends the story."""
        bare = _JUMP_HEAD.sub("", text)
        end = _JUMP_END.search(bare, max(0, len(bare) - 40))
        if end:
            bare = bare[: end.start()]
        if bare != text:
            unit.add_flag("continued")
        return bare, end is not None

    def _is_torn(self, text: str, tail: Sequence[Credit]) -> bool:
        if tail or not text or not breaks_off(text):
            return False
        if self._is_letters_end(text):
            return False
        after = self.cursor.ahead(1)
        # A subhead also ends without a stop, but it is short and precedes a full paragraph.
        is_subhead = (
            len(text) <= _MAX_SUBHEAD
            and not self.cursor.block.is_fragment
            and after is not None
            and not after.is_short
        )
        return not is_subhead

    def _is_letters_end(self, text: str) -> bool:
        """Return whether a short line is the signature or the date of a notice or a letter."""
        block = self.cursor.block
        return block.is_short and bool(
            headings.is_unit(text) or _DATE.fullmatch(text) or headings.is_signature(block.decks)
        )

    # Signatures

    def _credit_line(self, block: PageBlock) -> None:
        """Process a credit line: above or below a text, below a picture, or stray."""
        unit, credits = self._unit, parse(block.text)
        if unit is None:
            self.unassigned.append(block.text)
            return
        if not unit.paragraphs:
            unit.credits += credits
            unit.bare.append(block.text)
            return
        if unit.is_closed and self._is_next_line_of_credits(block):
            unit.credits += credits
            return
        if unit.is_closed:
            unit.add_flag("stray_credit_line")
            self.unassigned.append(block.text)
            return
        if self._signs_last_paragraph(unit, credits):
            unit = self._cut_caption(unit)
        unit.credits += credits
        unit.is_closed = True

    def _is_next_line_of_credits(self, block: PageBlock) -> bool:
        """Return whether a line goes on with the credits above it: 文字：张三, then 图片：李四."""
        before = self.cursor.ahead(-1)
        return before is not None and before.is_credit and bool(_LABELLED.match(block.text))

    def _signs_last_paragraph(self, unit: StoryDraft, credits: Sequence[Credit]) -> bool:
        only_photo = all(credit.role in PICTURE for credit in credits)
        return only_photo and len(unit.paragraphs) > 1 and unit.dateline is not None

    def _cut_caption(self, unit: StoryDraft) -> StoryDraft:
        caption = StoryDraft(section=unit.section)
        caption.add(unit.paragraphs.pop(), is_torn=False)
        self._give_title(caption, unit)
        self.units.append(caption)
        return caption

    def _give_title(self, caption: StoryDraft, unit: StoryDraft) -> None:
        """Use the short line above a caption as its headline."""
        last = unit.paragraphs[-1] if len(unit.paragraphs) > 1 else ""
        if 2 <= len(last) <= _MAX_SUBHEAD and last[-1] not in "。！？…”：；":
            unit.paragraphs.pop()
            caption.headline, caption.has_heading = (last,), True


def segment_stories(blocks: Sequence[PageBlock]) -> tuple[list[StoryDraft], list[str]]:
    """Return the units of a page with text or a heading, and the lines that belong to none."""
    segmenter = StorySegmenter(blocks)
    units = []
    for unit in segmenter.read():
        if unit.paragraphs or unit.has_heading:
            units.append(unit)
        else:
            segmenter.unassigned += unit.bare
    return units, segmenter.unassigned
