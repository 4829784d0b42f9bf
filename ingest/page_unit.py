"""A story while it is read."""

from __future__ import annotations

from dataclasses import dataclass, field

from bylines.credit_line import Credit

#: The roles of people who gave a picture, not a text.
PICTURE_ROLES = frozenset({"摄影", "供图", "图片"})
#: No line of a poem is longer.
MAX_VERSE = 18
#: A paragraph that is longer does not go on; pages do not have them, pasted logs do.
MAX_PARAGRAPH = 5000


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
    #: Blocks without text of the story, a dateline or names alone, as they stood.
    bare: list[str] = field(default_factory=list)
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
        return bool(roles) and roles <= PICTURE_ROLES and len(self.paragraphs) <= 2

    @property
    def is_verse(self) -> bool:
        """Return whether the unit may be a poem: all that it has of text are short lines."""
        return self.has_heading and all(
            len(text) <= MAX_VERSE and "。" not in text[:-1] for text in self.paragraphs[-8:]
        )

    def add(self, text: str, *, is_torn: bool) -> None:
        """Append a block: to the paragraph that the last one broke off, or as a new one."""
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
