r"""Counting 字, the unit of length, page budgets and fees, as WPS, Word and layout do.

The rule, as in the word count of WPS and Word (“字数”, not “字符数”):

- each Han character, kana, hangul syllable, full-width letter, digit or sign (℃ ㎡ Ⅳ ①) counts 1;
- each full-width mark counts 1, so —— and …… count 2, and “ ” ‘ ’ · × ° too;
- each run of half-width characters without a blank counts 1 if it has a letter or digit: 3.5, 5.6%,
  5G, COVID-19, 10:30, don’t, m², ½, name@paper.example. Half-width marks alone count nothing;
- an emoji counts 1, with all that belongs to it; blanks and invisible characters count nothing.

A setting of the paper (`Paper.counts_marks`) leaves out the full-width marks and emoji. The live
count of the browser is `static/desk/char_count.js`, with the same classes of characters; a test
compares the two.
"""

from __future__ import annotations

import re

#: Full-width characters that are no marks, in the order of their blocks.
_CHARACTERS = (
    "\u2100-\u214f\u2160-\u218b\u2460-\u24ff\u2776-\u2793\u2e80-\u2fff\u3005-\u3007\u3021-\u3029"
    "\u3038-\u303c\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u3163\u3165-\ua4cf\ua960-\ua97f"
    "\uac00-\ud7ff\ue000-\ufaff\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff66-\uff9f\uffa1-\uffdc"
    "\U0001f100-\U0001f1e5\U00020000-\U0003ffff\U000f0000-\U0010ffff"
)
#: Full-width marks and signs, emoji included; those of `_JOINERS` are apart.
_MARKS = (
    "\xa4\xa7\xa8\xb0\xb1\xb7\xd7\xf7\u2014-\u2018\u201a-\u2027\u2030-\u205e\u2190-\u245f"
    "\u2500-\u2775\u2794-\u2bff\u3001-\u3004\u3008-\u3020\u302a-\u3037\u303d-\u3040\u3097-\u309c"
    "\u30a0\u30fb\ufe10-\ufe1f\ufe30-\ufe6f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
    "\uffe0-\uffee\U0001f000-\U0001f0ff\U0001f1e6-\U0001faff"
)
#: Hyphens, the en dash and the apostrophe: part of a run between two half-width letters or digits.
_JOINERS = "\u2010-\u2013\u2019"
_BLANKS = "\x00-\x20\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_INVISIBLE = (
    "\xad\u034f\u061c\u115f\u1160\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\U000e0000-\U000e0fff"
)
_EMOJI = "\u2190-\u21ff\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff"
_HALF_WIDTH = f"[^{_CHARACTERS}{_MARKS}{_JOINERS}{_BLANKS}{_INVISIBLE}]"
_INSIDE = f"(?<=[0-9A-Za-z])[{_JOINERS}](?=[0-9A-Za-z])"
_RUN = re.compile(f"{_HALF_WIDTH}(?:[{_INVISIBLE}]*{_HALF_WIDTH}|{_INSIDE})*")
_CHARACTER = re.compile(f"[{_CHARACTERS}]")
_MARK = re.compile(
    "[\U0001f1e6-\U0001f1ff]{2}"
    f"|[{_EMOJI}](?:[\ufe0e\ufe0f\u20e3\U0001f3fb-\U0001f3ff]|\u200d[{_EMOJI}])*"
    f"|[{_MARKS}]|(?<![0-9A-Za-z])[{_JOINERS}]|[{_JOINERS}](?![0-9A-Za-z])"
)
#: Faster, for a text without what combines marks.
_SIMPLE_MARK = re.compile(f"[{_MARKS}]")
_COMBINED = re.compile(f"[{_JOINERS}\u200d\u20e3\ufe0e\ufe0f\U0001f1e6-\U0001f3ff]")
#: Half-width marks, of which a run may consist entirely.
_ONLY_MARKS = re.compile(
    "[!-/:-@[-`{-~\xa1-\xa3\xa5\xa6\xa9\xab\xac\xae\xaf\xb4\xb6\xb8\xbb\xbf\u0300-\u036f\u20a0-\u20ff"
    f"{_INVISIBLE}{_JOINERS}]+"
)


def count_chars(text: str, *, marks: bool = True) -> int:
    """Return the length of `text` in 字; without `marks`, full-width marks count nothing."""
    runs = sum(1 for run in _RUN.findall(text) if not _ONLY_MARKS.fullmatch(run))
    length = runs + len(_CHARACTER.findall(text))
    if marks:
        mark = _MARK if _COMBINED.search(text) else _SIMPLE_MARK
        length += len(mark.findall(text))
    return length
