"""Cleaning of the characters of a text: removes invisible ones, replaces unusual ones.

Every text from outside is cleaned here: forms, page files, archives, search queries. Visible
characters stay as typed, including full-width letters and blanks. Invisible characters are removed,
because they would divide a word in searches, tags and names. Unknown private-use characters stay,
and `private_characters` returns them.

Sources: The Unicode Standard, chapter 23 (layout controls, variation selectors, noncharacters);
Unicode Technical Standard 51 (sequences of emoji); `gb18030` and `radicals` for their tables.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from .gb18030 import FROM_PRIVATE
from .han import HAN
from .radicals import HAN_OF_RADICAL

#: Invisible characters: controls, zero-width marks, soft hyphen, joiners, direction marks,
#: invisible operators, variation selectors, fillers, tags, noncharacters.
_INVISIBLE = (
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff0-\ufffc\ufffe\uffff\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
#: Other spellings of a line break: vertical tab, form feed, NEL, line and paragraph separator.
_LINE_BREAKS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
#: Characters that can be an emoji, in the planes where they are.
_EMOJI = (
    "\xa9\xae\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23ff\u24c2\u25aa-\u25fe\u2600-\u27bf"
    "\u2934\u2935\u2b05-\u2b55\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
)
#: Letters whose shape a joiner changes (Arabic, the scripts of India, Mongolian), and letters that
#: are read from the right.
_JOINING = "\u0600-\u061b\u061d-\u0dff\u1000-\u109f\u1780-\u17b3\u17b6-\u17ff\u1820-\u18aa"
_FROM_RIGHT = "\u0590-\u061b\u061d-\u08ff\ufb1d-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc"
#: One invisible character, or a sequence (group 1) in which it carries meaning.
_MARKED = re.compile(
    "("
    f"[{_EMOJI}][\ufe0e\ufe0f]?(?:\u200d?[{_EMOJI}][\ufe0e\ufe0f]?)*"
    "(?:[\U000e0020-\U000e007e]+\U000e007f)?"
    "|[0-9#*]\ufe0f(?=\u20e3)"
    f"|(?<=[{_JOINING}])[\u200c\u200d]|[\u200c\u200d](?=[{_JOINING}])"
    "|(?<=[\u1820-\u18aa])[\u180b-\u180f]"
    f"|(?<=[{_FROM_RIGHT}])[\u200e\u200f\u061c]|[\u200e\u200f\u061c](?=[{_FROM_RIGHT}])"
    f")|[{_INVISIBLE}]"
)
_UNSEEN = re.compile(f"[{_INVISIBLE}]+")
_ONLY_EMOJI = re.compile(f"(?=.*[{_EMOJI}\u20e3])[{_EMOJI}\ufe0e\ufe0f\u200d\u20e30-9#*]{{1,20}}")
#: Bullets and signs of the fonts Symbol and Wingdings as Word uses them.
_SYMBOLS = {
    0xF06C: "\u25cf",
    0xF06E: "\u25a0",
    0xF075: "\u25c6",
    0xF076: "\u2756",
    0xF0A7: "\u25aa",
    0xF0A8: "\u25fb",
    0xF0B7: "\u2022",
    0xF0D8: "\u27a2",
    0xF0E0: "\u2192",
    0xF0FC: "\u2714",
    0xF0FE: "\u2611",
}
_USUAL = {**FROM_PRIVATE, **HAN_OF_RADICAL}
_USUAL |= {code: HAN_OF_RADICAL.get(ord(char), char) for code, char in FROM_PRIVATE.items()}
_WITH_SYMBOLS = {**_USUAL, **_SYMBOLS}
#: Characters that may need cleaning: a text without any is returned unchanged.
_ODD = re.compile(
    f"[{_INVISIBLE}\r\v\f\x85\u2028\u2029\u2e80-\u2fdf\ue000-\ufaff\U0002f800-\U0002fa1f]"
)
_REPLACED = re.compile("[\u2e80-\u2fdf\ue000-\uf8ff]")
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
_IN_A_NAME = re.compile(f"(?<=[{HAN}])\\s+(?=[{HAN}])")


#: Maximum number of marks on one letter (UAX 15, Stream-Safe Text Format).
_MOST_MARKS = 30
_COMMON = "\x00-\u02ff\u3000-\u3029\u3030-\u3098\u309b-\ua66e\uac00-\ud7a3\uff01-\uff9d"
#: Pattern that every text with more marks matches: consecutive characters outside the common
#: ranges, half as many because some marks consist of two characters.
_MAYBE_MARKS = re.compile(f"[^{_COMMON}][^{_COMMON}]{{{_MOST_MARKS // 2}}}")


@cache
def _too_many_marks() -> re.Pattern[str]:
    """Return the pattern of the marks on one letter that exceed `_MOST_MARKS`.

    Normalisation sorts the marks on a letter in quadratic time.
    """
    planes = (*range(0x300, 0xAC00), *range(0xF900, 0x1F000))
    marks = (chr(code) for code in planes)
    found = "".join(m for m in marks if unicodedata.combining(unicodedata.normalize("NFKD", m)[0]))
    # The first mark is a separate class, so that the search looks for a single character.
    return re.compile(f"([{found}][{found}]{{{_MOST_MARKS - 1}}})[{found}]+")


def clean_text(text: str, *, symbols: bool = True) -> str:
    r"""Return `text` without invisible characters, and with usual characters for unusual ones.

    - Zero-width marks, soft hyphens, byte order marks, direction marks, controls and variation
      selectors are removed, except where they carry meaning: in a sequence of emoji, between
      letters of scripts that join, next to right-to-left letters. A selector after a Han character
      is removed, because no font of a paper has the shape that it selects.
    - Radicals and compatibility ideographs become Han characters (canonical composition, NFC; the
      twelve unified ones of U+FA0E to U+FA29 have no other form and stay).
    - Private-use characters of GBK and GB 18030 become the standard characters, and so do the signs
      of the fonts Symbol and Wingdings, unless `symbols` is false. Unknown ones stay.
    - Line and paragraph separators, vertical tabs and form feeds become line breaks, always "\n".
    - At most thirty marks on one letter stay.

    Full-width letters, ideographic spaces and all other blanks stay as typed: this is not NFKC.
    Idempotent.
    """
    if _ODD.search(text):
        usual = _WITH_SYMBOLS if symbols else _USUAL
        text = _LINE_BREAKS.sub("\n", text)
        text = _REPLACED.sub(lambda found: usual.get(ord(found[0]), found[0]), text)
        text = _MARKED.sub(lambda found: found[1] or "", text)
    if _MAYBE_MARKS.search(text):
        text = unicodedata.normalize("NFC", _too_many_marks().sub(r"\1", text))
        return _too_many_marks().sub(r"\1", text)
    return unicodedata.normalize("NFC", text)


def clean_line(text: str) -> str:
    """Return `text` as one clean line: every gap, including line breaks, becomes one blank."""
    return " ".join(clean_text(text).split())


def clean_name(text: str) -> str:
    """Return the name of a person as one clean line, without blanks between Han characters.

    Papers set a name of two characters as wide as one of three: 王　壮 is 王壮.
    """
    return _IN_A_NAME.sub("", clean_line(text))


def private_characters(text: str) -> list[str]:
    """Return the private-use characters of a clean `text`, each once, in order.

    Only the font with which they were typed shows them; readers see a box.
    """
    return list(dict.fromkeys(_PRIVATE.findall(text)))


def code_points(characters: list[str]) -> str:
    """Return the code points of `characters`, which users can look up: U+E863, U+F8FF."""
    return ", ".join(f"U+{ord(one):04X}" for one in characters)


def fold(text: str) -> str:
    """Return the form in which texts are compared: no case, no width, nothing invisible.

    Compatibility forms (NFKC) and letters are folded: ＷＴＯ, Wto and wto are equal.
    """
    seen = _UNSEEN.sub("", clean_text(text))
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", seen).casefold())


def is_emoji(text: str) -> bool:
    """Return whether `text` consists of emoji, with all that belongs to them."""
    return _ONLY_EMOJI.fullmatch(text) is not None


def is_unseen(character: str) -> bool:
    """Return whether `character` is invisible in every context."""
    return _UNSEEN.fullmatch(character) is not None
