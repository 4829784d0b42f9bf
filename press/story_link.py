"""Links to stories, for full stories and for those of which only the link is loaded."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from textkit.truncate import excerpt, first_sentence

#: Maximum length in characters of a photo sentence that serves as a headline uncut.
HEADLINE_CHARS = 40
#: A headline line with more characters is set in smaller type, so that it fits on one line.
LONG_HEADLINE = 13


class StoryLinkMixin:
    """Adds URL and title to a class with the key, headline and summary of a story."""

    pk: int
    headline: str
    summary: str

    def get_absolute_url(self) -> str:
        """Return the story's public URL."""
        return f"/stories/{self.pk}/"

    @property
    def headline_lines(self) -> list[str]:
        """Return the lines of the headline as set."""
        return self.headline.split("\n") if self.headline else []

    @property
    def is_long(self) -> bool:
        """Return whether a line of the headline needs smaller type."""
        return any(len(line) > LONG_HEADLINE for line in self.headline_lines)

    @property
    def title(self) -> str:
        """Return the headline on one line; for photo news without one, its first sentence."""
        return " ".join(self.headline_lines) or excerpt(
            first_sentence(self.summary), HEADLINE_CHARS
        )


@dataclass(frozen=True, slots=True)
class StoryLink(StoryLinkMixin):
    """A story with only the fields of a link, built in a tenth of the time of the full object."""

    pk: int
    headline: str
    summary: str
    release_at: dt.datetime
