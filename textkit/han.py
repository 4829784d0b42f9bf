r"""The definition of a Han character, for every regular expression and test in the project.

Rare characters of names are in the supplementary planes (𠮷, 𬬻, 𨭎), so no other module defines a
range. In JavaScript the same class is `[\p{Script=Han}\u{20000}-\u{3ffff}]` with the flag `u`: a
browser with older tables recognises the newest extensions by their planes only.
"""

import re

#: Content of a character class: radicals, 々, 〇, Hangzhou numerals, the unified ideographs with
#: extension A, the compatibility ideographs, and both planes of the extensions B to I and later.
HAN = (
    "\u2e80-\u2fd5\u3005\u3007\u3021-\u3029\u3038-\u303b\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
#: Content of a character class: private use characters, as which old fonts and phones still write
#: characters that Unicode did not have.
PRIVATE_USE = "\ue000-\uf8ff\U000f0000-\U0010ffff"

_HAN = re.compile(f"[{HAN}]")
_HAN_RUN = re.compile(f"[{HAN}]+")


def has_han(text: str) -> bool:
    """Return whether `text` contains a Han character."""
    return bool(_HAN.search(text))


def is_han(text: str) -> bool:
    """Return whether `text` consists of Han characters, at least one."""
    return bool(_HAN_RUN.fullmatch(text))
