"""Mutable state of a story during parsing."""

from __future__ import annotations

from dataclasses import dataclass, field

from bylines.credits.line import Credit
from bylines.credits.words import PICTURE

#: Maximum length of a line of a poem.
MAX_VERSE = 18
#: Length from which a paragraph is not continued; only pasted logs are that long.
MAX_PARAGRAPH = 5000


@dataclass(slots=True)
class StoryDraft:
    """Story during parsing: heading, text and signatures so far."""

    section: str | None = None
    kicker: str | None = None
    headline: tuple[str, ...] = ()
    dateline: str | None = None
    paragraphs: list[str] = field(default_factory=list)
    #: Original text of each block, to detect what a column break has repeated.
    pieces: list[str] = field(default_factory=list)
    credits: list[Credit] = field(default_factory=list)
    #: Original blocks that contain only a dateline or names.
    bare: list[str] = field(default_factory=list)
    #: Whether the story is complete, such as by a signature at its end.
    is_closed: bool = False
    is_torn: bool = False
    has_heading: bool = False
    flags: list[str] = field(default_factory=list)
    parts: list[StoryDraft] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return the text of all paragraphs."""
        return "".join(self.paragraphs)

    @property
    def is_photo(self) -> bool:
        """Return whether the unit is a photo with its caption: all credits are for pictures."""
        roles = {credit.role for credit in self.credits}
        return bool(roles) and roles <= PICTURE and len(self.paragraphs) <= 2

    @property
    def is_verse(self) -> bool:
        """Return whether the unit may be a poem: its text consists of short lines."""
        return self.has_heading and all(
            len(text) <= MAX_VERSE and "。" not in text[:-1] for text in self.paragraphs[-8:]
        )

    def add(self, text: str, *, is_torn: bool) -> None:
        """Append a block to an unfinished paragraph, or as a new one."""
        self.pieces.append(text)
        if self.is_torn and self.paragraphs and len(self.paragraphs[-1]) < MAX_PARAGRAPH:
            self.paragraphs[-1] += text
        else:
            self.paragraphs.append(text)
        self.is_torn = is_torn

    def add_flag(self, flag: str) -> None:
        """Set a flag once."""
        if flag not in self.flags:
            self.flags.append(flag)
