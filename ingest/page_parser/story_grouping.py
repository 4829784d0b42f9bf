"""Grouping of a page's units: continued stories, roundups, boxes, duplicates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from .headings import is_group_label, is_sidebar
from .parsed_page import ParsedStory
from .story_draft import StoryDraft

_ROUNDUP_LIKENESS = 0.3
_SHINGLE = 8
_RUN = 10
#: Number of previous stories that a text may belong to; no page has more.
_REACH = 40
#: Maximum number of parts of a roundup.
_MAX_PARTS = 60
#: Number of shingles of a story that are compared for duplicates.
_MAX_SHINGLES = 3000
#: Number of characters that are compared; longer texts are compared by their beginnings.
_MAX_COMPARED = 4000


def group_stories(units: list[StoryDraft]) -> list[StoryDraft]:
    """Return the stories, with parts of roundups, boxes and continuations attached."""
    out: list[StoryDraft] = []
    for unit in units:
        if out and _is_box(unit, out[-1]):
            _add_box(out[-1], unit)
        elif unit.has_heading or not out:
            out.append(unit)
        else:
            _attach_fragments(unit, out)
    for number, unit in enumerate(out):
        _move_foreign_tail(unit, out[max(0, number - _REACH) : number])
    return out


def _attach_fragments(unit: StoryDraft, out: list[StoryDraft]) -> None:
    home = _home_of(unit, out)
    if home is None:
        out.append(unit)
    elif home[1] == "part":
        _add_part(home[0], unit)
    else:
        _continue_story(home[0], unit)


def _is_box(unit: StoryDraft, last: StoryDraft) -> bool:
    return is_sidebar(unit.headline) and unit.dateline is None and bool(last.paragraphs)


def _add_box(home: StoryDraft, unit: StoryDraft) -> None:
    """Append a box to the end of its story, with its heading as a paragraph."""
    home.paragraphs += [*unit.headline, *unit.paragraphs]
    _add_credits(home, unit)
    home.is_closed = home.is_closed or unit.is_closed


def _home_of(unit: StoryDraft, before: list[StoryDraft]) -> tuple[StoryDraft, str] | None:
    """Return the story that a unit without a heading belongs to, and how, or None."""
    last = before[-1]
    torn = [u for u in before[-_REACH:] if u.is_torn and u.paragraphs]
    if unit.dateline:
        return (last, "part") if _is_part(unit, last) else None
    if unit.is_photo and not _is_fragment(unit, torn):
        return None
    if (
        last.parts
        and len(last.parts) < _MAX_PARTS
        and not (torn and _shared(unit.text, torn[-1].text) > _shared(unit.text, _all_text(last)))
    ):
        return last, "part"
    if torn:
        return max(torn, key=lambda u: _shared(unit.text, u.text)), "continued"
    return None


def _is_fragment(unit: StoryDraft, torn: Sequence[StoryDraft]) -> bool:
    return any(_shared(unit.text, other.text) > 0.2 for other in torn)


def _is_part(unit: StoryDraft, last: StoryDraft) -> bool:
    """Return whether a text with a dateline belongs to the roundup before it."""
    if not last.has_heading or not last.is_closed or not unit.credits:
        return False
    if len(last.parts) >= _MAX_PARTS:
        return False
    places = [part.dateline for part in last.parts or [last]]
    if not is_group_label(last.section or "") and all(places) and unit.dateline not in places:
        # Texts from different places under one heading: 白沙镇讯 … 石桥镇讯 …
        return True
    return _shared("".join(last.headline), unit.text) >= _ROUNDUP_LIKENESS


def _add_part(home: StoryDraft, unit: StoryDraft) -> None:
    if not home.parts:
        first = StoryDraft(dateline=home.dateline, paragraphs=home.paragraphs, credits=home.credits)
        home.parts.append(first)
        home.paragraphs, home.credits, home.dateline = [], list(home.credits), None
    home.parts.append(unit)
    _add_credits(home, unit)


def _continue_story(home: StoryDraft, unit: StoryDraft) -> None:
    for number, text in enumerate(unit.paragraphs):
        home.add(text, is_torn=unit.is_torn and number == len(unit.paragraphs) - 1)
    _add_credits(home, unit)
    home.is_closed = True
    for flag in (*unit.flags, "continued"):
        home.add_flag(flag)


def _add_credits(home: StoryDraft, unit: StoryDraft) -> None:
    known = set(home.credits)
    home.credits += [credit for credit in unit.credits if credit not in known]


def _all_text(unit: StoryDraft) -> str:
    return unit.text + "".join(part.text for part in unit.parts)


@lru_cache(maxsize=4 * _REACH)
def _pairs(text: str) -> frozenset[str]:
    size = min(len(text), _MAX_COMPARED)
    return frozenset(text[i : i + 2] for i in range(size - 1))


def _shared(small: str, large: str) -> float:
    """Return the share of character pairs of `small` that are in `large` too (0 to 1)."""
    pairs = _pairs(small)
    return len(pairs & _pairs(large)) / len(pairs) if pairs else 0.0


def _move_foreign_tail(unit: StoryDraft, before: Sequence[StoryDraft]) -> None:
    """Move the end of an unsigned story to the unfinished story that it really continues.

    If a layout prints a continuation below another unsigned story, the only sign is that its words
    are those of the unfinished story.
    """
    torn = [u for u in before if u.is_torn and u.paragraphs and not u.is_closed]
    if not torn or unit.is_closed or unit.is_torn or len(unit.paragraphs) < 3:
        return
    home = torn[-1]
    start = _foreign_tail(unit, home)
    if start is None:
        return
    tail = StoryDraft(paragraphs=unit.paragraphs[start:])
    unit.paragraphs = unit.paragraphs[:start]
    _continue_story(home, tail)


def _foreign_tail(unit: StoryDraft, home: StoryDraft) -> int | None:
    """Return the index from which on the paragraphs of `unit` use words of `home`, or None."""
    known = _pairs(home.text)
    for start in range(max(1, len(unit.paragraphs) - 4), len(unit.paragraphs)):
        own = _pairs("".join(unit.paragraphs[:start]))
        fresh = _pairs("".join(unit.paragraphs[start:]))
        theirs, ours = fresh & known - own, fresh & own - known
        if len(theirs) >= 6 and len(theirs) > 2 * len(ours):
            return start
    return None


def repeated_run(pieces: Sequence[str]) -> bool:
    """Return whether a column break repeated a run of words of one story.

    That is so if the end of an unfinished block occurs a second time in the story.
    """
    ends = {piece[-_RUN:] for piece in pieces[:-1] if len(piece) >= _RUN}
    ends = {end for end in ends if end[-1] not in "。！？”"}
    if not ends:
        return False
    found: set[str] = set()
    for piece in pieces:
        for start in range(len(piece) - _RUN + 1):
            run = piece[start : start + _RUN]
            if run in ends:
                if run in found:
                    return True
                found.add(run)
    return False


def duplicates(stories: Sequence[ParsedStory]) -> dict[int, int]:
    """Return duplicates, full or abridged, as {index of the later story: index of the earlier}."""
    grams = [_shingles(story) for story in stories]
    holders: dict[str, list[int]] = {}
    for number, found in enumerate(grams):
        for gram in found:
            known = holders.setdefault(gram, [])
            if len(known) < 4:
                known.append(number)
    out: dict[int, int] = {}
    for number, found in enumerate(grams):
        shared = Counter(other for gram in found for other in holders[gram] if other < number)
        for other, count in shared.most_common(1):
            if (
                count >= 0.6 * min(len(found), len(grams[other]))
                and min(len(found), len(grams[other])) > 20
            ):
                out[number] = out.get(other, other)
    return out


def _shingles(story: ParsedStory) -> set[str]:
    text = "".join(story.all_paragraphs)
    size = min(len(text), _MAX_SHINGLES)
    return {text[i : i + _SHINGLE] for i in range(size - _SHINGLE + 1)}
