"""What a page says about its stories: broken off and continued, printed twice, run together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from .page_headings import is_group_label, is_sidebar
from .page_reading import StoryReading
from .page_unit import Unit

_ROUNDUP_LIKENESS = 0.3
_SHINGLE = 8
_RUN = 10
#: How far back a text further down may belong: no page has more stories than this.
_REACH = 40
#: A roundup has no more parts.
_MAX_PARTS = 60
#: So much of a story tells whether it stands on the page twice.
_MAX_SHINGLES = 3000
#: A column's piece is short; longer texts are compared by their beginnings.
_MAX_COMPARED = 4000


def gather(units: list[Unit]) -> list[Unit]:
    """Put together what belongs together: parts of a roundup, and a story's text further down."""
    out: list[Unit] = []
    for unit in units:
        if out and _is_box(unit, out[-1]):
            _put_in(out[-1], unit)
        elif unit.has_heading or not out:
            out.append(unit)
        else:
            _bring_home(unit, out)
    for number, unit in enumerate(out):
        _cut_back(unit, out[max(0, number - _REACH) : number])
    return out


def _bring_home(unit: Unit, out: list[Unit]) -> None:
    home = _home_of(unit, out)
    if home is None:
        out.append(unit)
    elif home[1] == "part":
        _add_part(home[0], unit)
    else:
        _go_on(home[0], unit)


def _is_box(unit: Unit, last: Unit) -> bool:
    return is_sidebar(unit.headline) and unit.dateline is None and bool(last.paragraphs)


def _put_in(home: Unit, unit: Unit) -> None:
    """Put a box beside a story at the story's end, its heading as a paragraph."""
    home.paragraphs += [*unit.headline, *unit.paragraphs]
    _add_credits(home, unit)
    home.is_closed = home.is_closed or unit.is_closed


def _home_of(unit: Unit, before: list[Unit]) -> tuple[Unit, str] | None:
    """Return the story that a unit without heading belongs to, and how, or None."""
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


def _is_fragment(unit: Unit, torn: Sequence[Unit]) -> bool:
    return any(_shared(unit.text, other.text) > 0.2 for other in torn)


def _is_part(unit: Unit, last: Unit) -> bool:
    """Return whether a datelined text belongs to the roundup that the heading before it opened."""
    if not last.has_heading or not last.is_closed or not unit.credits:
        return False
    if len(last.parts) >= _MAX_PARTS:
        return False
    places = [part.dateline for part in last.parts or [last]]
    if not is_group_label(last.section or "") and all(places) and unit.dateline not in places:
        # Each from a place of its own, under one heading: 白沙镇讯 … 石桥镇讯 …
        return True
    return _shared("".join(last.headline), unit.text) >= _ROUNDUP_LIKENESS


def _add_part(home: Unit, unit: Unit) -> None:
    if not home.parts:
        first = Unit(dateline=home.dateline, paragraphs=home.paragraphs, credits=home.credits)
        home.parts.append(first)
        home.paragraphs, home.credits, home.dateline = [], list(home.credits), None
    home.parts.append(unit)
    _add_credits(home, unit)


def _go_on(home: Unit, unit: Unit) -> None:
    for number, text in enumerate(unit.paragraphs):
        home.add(text, is_torn=unit.is_torn and number == len(unit.paragraphs) - 1)
    _add_credits(home, unit)
    home.is_closed = True
    for flag in (*unit.flags, "continued"):
        home.add_flag(flag)


def _add_credits(home: Unit, unit: Unit) -> None:
    known = set(home.credits)
    home.credits += [credit for credit in unit.credits if credit not in known]


def _all_text(unit: Unit) -> str:
    return unit.text + "".join(part.text for part in unit.parts)


@lru_cache(maxsize=4 * _REACH)
def _pairs(text: str) -> frozenset[str]:
    size = min(len(text), _MAX_COMPARED)
    return frozenset(text[i : i + 2] for i in range(size - 1))


def _shared(small: str, large: str) -> float:
    """Return how much of the character pairs of `small` stands in `large` too (0 to 1)."""
    pairs = _pairs(small)
    return len(pairs & _pairs(large)) / len(pairs) if pairs else 0.0


def _cut_back(unit: Unit, before: Sequence[Unit]) -> None:
    """Move the end of an unsigned story to the torn story that it really goes on with.

    A layout that prints the continuation under another unsigned story gives no other sign than
    that its words are the torn story's.
    """
    torn = [u for u in before if u.is_torn and u.paragraphs and not u.is_closed]
    if not torn or unit.is_closed or unit.is_torn or len(unit.paragraphs) < 3:
        return
    home = torn[-1]
    start = _foreign_tail(unit, home)
    if start is None:
        return
    tail = Unit(paragraphs=unit.paragraphs[start:])
    unit.paragraphs = unit.paragraphs[:start]
    _go_on(home, tail)


def _foreign_tail(unit: Unit, home: Unit) -> int | None:
    """Return from which paragraph on `unit` speaks of what only `home` speaks of, or None."""
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

    So it did where the end of a torn block stands a second time in the story.
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


def duplicates(stories: Sequence[StoryReading]) -> dict[int, int]:
    """Return which story is an earlier one again, full or abridged: {later number: earlier}."""
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


def _shingles(story: StoryReading) -> set[str]:
    text = "".join(story.all_paragraphs)
    size = min(len(text), _MAX_SHINGLES)
    return {text[i : i + _SHINGLE] for i in range(size - _SHINGLE + 1)}
