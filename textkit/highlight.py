"""Highlighting of search hits: excerpts that show the words that were searched for, marked.

The words are normalised by `textkit.tokens.plain`. Pieces are (text, whether it is a hit).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import NamedTuple

from .tokens import mark, plain

Pieces = list[tuple[str, bool]]
#: Maximum number of parts of a text in one excerpt, and of hits of a word that are considered.
_MOST_PARTS, _MOST_HITS = 3, 6
#: Accents and voicing marks as separate characters.
_COMBINING = re.compile("[\u0300-\u036f\u3099\u309a]")
#: Two letters or digits of one Latin word.
_IN_WORD = re.compile("[0-9A-Za-zÀ-ɏ]{2}")
_GAP: tuple[str, bool] = ("…", False)


class Hit(NamedTuple):
    """An occurrence of a word in a text."""

    start: int
    end: int
    word: str


def missing_in(text: str, words: Iterable[str]) -> list[str]:
    """Return the words that `text` does not contain, by the rules of the search index."""
    wanted = list(words)
    if not wanted:
        return []
    letters = plain(text)
    return [word for word in wanted if word not in letters]


def _composed(text: str) -> str:
    """Return `text` with its letters and accents as one character each, as the index has them."""
    return unicodedata.normalize("NFC", text) if _COMBINING.search(text) else text


def mark_headline(text: str, words: Sequence[str]) -> Pieces:
    """Return a headline in pieces; a word may lie across two of its lines, which `text` joins.

    The index finds 闸换 in the lines 水闸 and 换了, which are shown as “水闸 换了”.
    """
    text = _composed(text)
    across = missing_in(text, words)
    pieces = mark(text, words)
    if not across:
        return pieces
    hits = [is_hit for piece, is_hit in pieces for _character in piece]
    places = [place for place, character in enumerate(text) if character != " "]
    joined = mark("".join(text[place] for place in places), across)
    flags = [is_hit for piece, is_hit in joined for _character in piece]
    for place, is_hit in zip(places, flags, strict=True):
        hits[place] = hits[place] or is_hit
    return _grouped(text, hits)


def _grouped(text: str, hits: Sequence[bool]) -> Pieces:
    """Return `text` in the longest pieces whose characters are alike in `hits`."""
    pieces: Pieces = []
    for character, is_hit in zip(text, hits, strict=True):
        if pieces and pieces[-1][1] == is_hit:
            pieces[-1] = (pieces[-1][0] + character, is_hit)
        else:
            pieces.append((character, is_hit))
    return pieces


def excerpts(
    texts: Iterable[str], words: Sequence[str], *, before: int, after: int
) -> tuple[Pieces, list[str]]:
    """Return excerpts of the first texts that together contain `words`, and the words left over."""
    found: Pieces = []
    left = list(words)
    for text in texts:
        if not left:
            break
        pieces, left = excerpt(text, left, before=before, after=after)
        found += ([(" ", False)] if found and pieces else []) + pieces
    return found, left


def excerpt(
    text: str, words: Sequence[str], *, before: int, after: int
) -> tuple[Pieces, list[str]]:
    """Return the parts of `text` that contain `words`, and the words that it does not contain.

    A part has about `before` characters before its first hit and `after` behind the beginning of
    it. Words that lie close together share a part; several parts share the length of one.
    """
    text = _composed(text)
    hits = [hit for word in dict.fromkeys(filter(str.strip, words)) for hit in _hits(text, word)]
    spans = [_at_words(text, part, hits) for part in _parts(hits, len(text), before, after)]
    shown = {
        hit.word for hit in hits for start, end in spans if start <= hit.start and hit.end <= end
    }
    pieces: Pieces = []
    for start, end in spans:
        is_cut = start > 0 and not (pieces and pieces[-1] == _GAP)
        pieces += ([_GAP] if is_cut else []) + mark(text[start:end], words)
        pieces += [_GAP] if end < len(text) else []
    return pieces, [word for word in words if word not in shown]


def _at_words(text: str, part: tuple[int, int], hits: Sequence[Hit]) -> tuple[int, int]:
    """Return `part` without the halves of Latin words at its ends, but with all of its hits."""
    start, end = part
    inside = [hit for hit in hits if start <= hit.start and hit.end <= end]
    first, last = min(hit.start for hit in inside), max(hit.end for hit in inside)
    while 0 < start < first and (_IN_WORD.match(text, start - 1) or text[start].isspace()):
        start += 1
    while last < end < len(text) and (_IN_WORD.match(text, end - 1) or text[end - 1].isspace()):
        end -= 1
    return start, end


def _hits(text: str, word: str) -> list[Hit]:
    """Return the first hits of a word. A pattern finds most; the rest needs each character."""
    folded = text.casefold()
    found: list[Hit] = []
    if len(folded) == len(text):
        pattern = r"[\W_]+".join(re.escape(part) for part in word.split())
        spans = (match.span() for match in islice(re.finditer(pattern, folded), _MOST_HITS))
        found = [Hit(start, end, word) for start, end in spans]
    return found if found or missing_in(text, [word]) else _hits_by_character(text, word)


def _hits_by_character(text: str, word: str) -> list[Hit]:
    found: list[Hit] = []
    at = 0
    for piece, is_hit in mark(text, [word]):
        if is_hit:
            found.append(Hit(at, at + len(piece), word))
        at += len(piece)
    return found[:_MOST_HITS]


def _parts(hits: Sequence[Hit], length: int, before: int, after: int) -> list[tuple[int, int]]:
    """Return the parts of a text to show, in order: first those with the most different words."""
    chosen: list[list[Hit]] = []
    left = sorted(hits)
    while left and len(chosen) < _MOST_PARTS:
        groups = [_group(left, hit.start, after) for hit in left]
        best = max(groups, key=lambda group: (len(group), -group[0].start))
        chosen.append(best)
        words = {hit.word for hit in best}
        left = [hit for hit in left if hit.word not in words]
    before, after = before // max(1, len(chosen)), after // max(1, len(chosen))
    spans: list[tuple[int, int]] = []
    for group in sorted(chosen):
        start = max(0, group[0].start - before)
        end = min(length, max(group[0].start + after, *(hit.end for hit in group)))
        if spans and start <= spans[-1][1]:
            start, end = spans[-1][0], max(end, spans[-1][1])
            spans.pop()
        spans.append((start, end))
    return spans


def _group(hits: Sequence[Hit], start: int, after: int) -> list[Hit]:
    """Return the first of the sorted hits of each word within `after` characters from `start`."""
    group: dict[str, Hit] = {}
    for hit in hits:
        if start <= hit.start and (hit.start == start or hit.end <= start + after):
            group.setdefault(hit.word, hit)
    return list(group.values())
