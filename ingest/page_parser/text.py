"""Parser of a newspaper page: from the text of its layout to stories with flags.

It is pure: text in, stories out; nothing is stored. The rules are those of Chinese newspapers in
general: kickers, multi-line headings, datelines, signatures, column breaks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textkit.characters import code_points, private_characters

from . import headings
from . import story_grouping as grouping
from .blocks import read_blocks
from .lines import read_lines
from .parsed_page import ParsedPage, ParsedPart, ParsedStory
from .story_draft import StoryDraft
from .story_segmenter import segment_stories

#: Maximum number of towns from a page's kickers; each story is searched for each of them.
MAX_TOWNS = 60
#: Maximum number of characters that a flag names.
MAX_NAMED = 5


def read(text: str, towns: Sequence[str] = ()) -> ParsedPage:
    """Parse the text of one page into stories, in page order.

    `towns` are the names of the county's towns, which help to distinguish towns from villages. It
    never raises: a text without a story yields none.
    """
    page = read_lines(text)
    found, unassigned = segment_stories(read_blocks(page.lines))
    units = grouping.group_stories(found)
    known = _towns_on(units, towns)
    stories = [_with_private_characters(_story(unit, known)) for unit in units]
    again = grouping.duplicates(stories)
    return ParsedPage(
        tuple(
            _with_flag(story, f"duplicate_of:{again[number]}") if number in again else story
            for number, story in enumerate(stories)
        ),
        own_lines=(*page.own, *unassigned),
    )


def _towns_on(units: Iterable[StoryDraft], towns: Sequence[str]) -> list[str]:
    """Return `towns`, and the towns that the kickers of this page name."""
    found = (headings.find_town(unit.kicker, towns) for unit in units)
    named = dict.fromkeys(town for town in found if town and town not in towns)
    return [*towns, *list(named)[:MAX_TOWNS]]


def _story(unit: StoryDraft, towns: Sequence[str]) -> ParsedStory:
    parts = tuple(_part(part, towns) for part in unit.parts)
    kind = "roundup" if parts else "photo" if unit.is_photo else "story"
    return ParsedStory(
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


def _part(part: StoryDraft, towns: Sequence[str]) -> ParsedPart:
    return ParsedPart(
        dateline=part.dateline,
        town=headings.town_of_dateline(part.dateline, towns),
        paragraphs=tuple(part.paragraphs),
        credits=tuple(part.credits),
    )


def _town(unit: StoryDraft, parts: Sequence[ParsedPart], towns: Sequence[str]) -> str | None:
    return (
        headings.find_town(unit.kicker, towns)
        or headings.find_town("".join(unit.headline[:1]), towns)
        or headings.town_of_dateline(unit.dateline, towns)
        or next((part.town for part in parts if part.town), None)
    )


def _flags(unit: StoryDraft) -> list[str]:
    flags = list(dict.fromkeys(unit.flags))
    if grouping.repeated_run(unit.pieces):
        flags.append("repeated_run")
    return flags


def _with_private_characters(story: ParsedStory) -> ParsedStory:
    """Return the story with a flag that names its unknown private-use characters, if any."""
    names = (credit.name for credit in story.credits)
    lines = [story.kicker or "", *story.headline, story.dateline or "", *names]
    found = private_characters("\n".join([*lines, *story.all_paragraphs]))
    if not found:
        return story
    codes = code_points(found[:MAX_NAMED]).replace(",", "")
    return _with_flag(story, f"private_character:{codes}")


def _with_flag(story: ParsedStory, flag: str) -> ParsedStory:
    values = {name: getattr(story, name) for name in ParsedStory.__slots__}
    return ParsedStory(**{**values, "flags": (*story.flags, flag)})
