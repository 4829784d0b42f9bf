"""Reading of a field into which a user types names, such as 融媒体 张三 通讯员 李四; pure.

Unlike a line of a printed page, all of a field is names and roles, so a name is accepted whatever
its characters; one that does not look like a name is a doubt, so the user confirms it.
"""

from __future__ import annotations

import re
from dataclasses import replace

from ..names import DOTS, tidy_dots, tidy_name
from . import words
from .line import parse, parse_plain
from .names import is_long_name
from .people import Credit
from .runs import readings
from .tokens import chunks

_SPACED_DOT = re.compile(rf"\s+([{DOTS}])\s*|([{DOTS}])\s+")


def read_field(
    text: str, default_role: str, known: frozenset[str] = frozenset()
) -> tuple[Credit, ...]:
    """Return the people of a field; names without a role get `default_role`.

    `known` are names that are recognised whatever their form. The result is () for a text that
    cannot be read.
    """
    # Dictation ends each field with a full stop.
    line = _without_gaps(text.strip().rstrip("。，、；"))
    found = _with_role(line, default_role, known)
    if found:
        return found
    unusual = frozenset(chunk for chunk in chunks(line) if _may_be_name(chunk))
    if not unusual:
        return ()
    found = _with_role(line, default_role, known | unusual)
    return tuple(replace(one, run=one.name) if one.name in unusual else one for one in found)


def _with_role(text: str, role: str, known: frozenset[str]) -> tuple[Credit, ...]:
    plain = parse_plain(text, known) if any(name in text for name in known) else ()
    return (
        plain
        or parse(text, known)
        or tuple(
            Credit(one.name, role, run=one.run)
            for one in parse_plain(f"{role} {text}", known) or parse(f"（{role} {text}）", known)
        )
    )


def _without_gaps(text: str) -> str:
    """Return `text` without blanks around the dots of names (买买提 · 艾力)."""
    pieces = _SPACED_DOT.split(text)
    if len(pieces) == 1 or any(words.WORDS.search(piece or "") for piece in pieces[3::3]):
        return tidy_dots(text)
    return tidy_dots(_SPACED_DOT.sub("·", text))


def _may_be_name(chunk: str) -> bool:
    """Return whether a chunk that cannot be read may still be a long name."""
    return is_long_name(tidy_name(chunk)) and not readings(chunk) and not words.WORDS.search(chunk)
