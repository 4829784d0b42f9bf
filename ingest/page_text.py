"""Reading a page of the old paper: its text as the layout gives it, to stories with flags.

Pure: text in, stories out; nothing is stored. The rules are those of Chinese newspapers in
general: kickers, multi-line headings, datelines, signatures, column breaks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from . import page_headings as headings
from . import page_marks as marks
from .page_blocks import read_blocks
from .page_lines import read_lines
from .page_reading import PageReading, PartReading, StoryReading
from .page_unit import Unit
from .page_units import read_units


def read(text: str, towns: Sequence[str] = ()) -> PageReading:
    """Read the text of one page into its stories, in page order.

    `towns` are the names of the county's towns, which help to tell a town from a village. Never
    raises: a text with no story in it gives none.
    """
    page = read_lines(text)
    found, loose = read_units(read_blocks(page.lines))
    units = marks.gather(found)
    known = _towns_on(units, towns)
    stories = [_story(unit, known) for unit in units]
    again = marks.duplicates(stories)
    return PageReading(
        tuple(
            _with_flag(story, f"duplicate_of:{again[number]}") if number in again else story
            for number, story in enumerate(stories)
        ),
        own_lines=(*page.own, *loose),
    )


def _towns_on(units: Iterable[Unit], towns: Sequence[str]) -> list[str]:
    """Return the towns given, and those that the kickers of this page name."""
    found = [headings.find_town(unit.kicker, towns) for unit in units]
    return list(dict.fromkeys([*towns, *(town for town in found if town)]))


def _story(unit: Unit, towns: Sequence[str]) -> StoryReading:
    parts = tuple(_part(part, towns) for part in unit.parts)
    kind = "roundup" if parts else "photo" if unit.is_photo else "story"
    return StoryReading(
        section=unit.section,
        kicker=unit.kicker,
        town=_town(unit, parts, towns),
        headline=unit.headline,
        dateline=unit.dateline,
        paragraphs=tuple(unit.paragraphs),
        credits=tuple(unit.credits),
        kind=kind,
        flags=tuple(_flags(unit)),
        parts=parts,
    )


def _part(part: Unit, towns: Sequence[str]) -> PartReading:
    return PartReading(
        dateline=part.dateline,
        town=headings.town_of_dateline(part.dateline, towns),
        paragraphs=tuple(part.paragraphs),
        credits=tuple(part.credits),
    )


def _town(unit: Unit, parts: Sequence[PartReading], towns: Sequence[str]) -> str | None:
    return (
        headings.find_town(unit.kicker, towns)
        or headings.find_town("".join(unit.headline[:1]), towns)
        or headings.town_of_dateline(unit.dateline, towns)
        or next((part.town for part in parts if part.town), None)
    )


def _flags(unit: Unit) -> list[str]:
    flags = list(dict.fromkeys(unit.flags))
    if marks.repeated_run(unit.pieces):
        flags.append("repeated_run")
    return flags


def _with_flag(story: StoryReading, flag: str) -> StoryReading:
    values = {name: getattr(story, name) for name in StoryReading.__slots__}
    return StoryReading(**{**values, "flags": (*story.flags, flag)})
