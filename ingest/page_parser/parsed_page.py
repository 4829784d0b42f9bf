"""Data classes for the result of parsing a page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bylines.credits.line import Credit
from bylines.credits.settle import RunDoubt, doubts_in


@dataclass(frozen=True, slots=True)
class ParsedPart:
    """Signed part of a roundup."""

    dateline: str | None
    town: str | None
    paragraphs: tuple[str, ...]
    credits: tuple[Credit, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the part as plain JSON values."""
        return {
            "dateline": self.dateline,
            "town": self.town,
            "paragraphs": list(self.paragraphs),
            "credits": _credits(self.credits),
        }


@dataclass(frozen=True, slots=True)
class ParsedStory:
    """Story of a page.

    `kind` is story, photo or roundup; `headline` has the printed lines; `flags` mark what an editor
    must check: continued, duplicate_of:N (counted from 0), stray_credit_line, repeated_run,
    private_character:U+XXXX.
    """

    section: str | None
    kicker: str | None
    town: str | None
    headline: tuple[str, ...]
    dateline: str | None
    paragraphs: tuple[str, ...]
    credits: tuple[Credit, ...]
    kind: str
    flags: tuple[str, ...]
    parts: tuple[ParsedPart, ...] = ()

    @property
    def all_paragraphs(self) -> tuple[str, ...]:
        """Return the paragraphs of the story and of its parts."""
        return (*self.paragraphs, *(text for part in self.parts for text in part.paragraphs))

    @property
    def doubts(self) -> list[RunDoubt]:
        """Return the runs in the signatures that can be one name or several."""
        return doubts_in([*self.credits, *(one for part in self.parts for one in part.credits)])

    def as_dict(self) -> dict[str, Any]:
        """Return the story as plain JSON values, in a fixed order of keys.

        `doubts` is left out of a story without any.
        """
        data: dict[str, Any] = {
            "section": self.section,
            "kicker": self.kicker,
            "town": self.town,
            "headline": list(self.headline) or None,
            "dateline": self.dateline,
            "paragraphs": list(self.paragraphs),
            "credits": _credits(self.credits),
            "kind": self.kind,
            "flags": list(self.flags),
        }
        if self.parts:
            data["parts"] = [part.as_dict() for part in self.parts]
        if self.doubts:
            data["doubts"] = [doubt.as_dict() for doubt in self.doubts]
        return data


@dataclass(frozen=True, slots=True)
class ParsedPage:
    """Stories of a page in page order.

    `own_lines` belong to none of them: page number, date, editors, address.
    """

    stories: tuple[ParsedStory, ...]
    own_lines: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return {"stories": [...]} as plain JSON values."""
        return {"stories": [story.as_dict() for story in self.stories]}


def _credits(credits: Iterable[Credit]) -> list[dict[str, str]]:
    return [
        {"name": c.name, "role": c.role, **({"label": c.label} if c.label else {})} for c in credits
    ]
