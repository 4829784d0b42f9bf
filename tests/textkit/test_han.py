"""Rule: one definition of a Han character is used for all Chinese text."""

from __future__ import annotations

import re
import unicodedata

import pytest

from bylines.credits.line import read_line
from tests.helpers.paths import ROOT
from textkit.char_count import count_chars
from textkit.han import has_han, is_han

APPS = sorted(path.parent.name for path in ROOT.glob("*/apps.py"))


@pytest.mark.parametrize(
    "character",
    "一鿿〇々㐂﨑𠮷𬬻𨭎𪚥𫝀𫠝龴\U0002ceb0\U0002ebf0\U00030000\U00031350\U0002f800",
)
def test_a_han_character_is_one_in_either_plane(character):
    assert is_han(character)
    assert count_chars(f"，{character}。", marks=False) == 1
    assert [c.name for c in read_line(f"通讯员 张{character}").credits] == [
        f"张{unicodedata.normalize('NFC', character)}"
    ]


@pytest.mark.parametrize(
    "character", ["a", "１", "，", "あ", "한", "😀", "·", "\u3000", "\ue5e5", ""]
)
def test_other_characters_are_none(character):
    assert not has_han(character)


def test_every_ideograph_that_python_knows_is_one():
    ideographs = [
        chr(code)
        for code in range(0x2E80, 0x40000)
        if unicodedata.name(chr(code), "").startswith(("CJK UNIFIED", "CJK COMPATIBILITY IDEO"))
    ]
    assert len(ideographs) > 90_000
    assert [one for one in ideographs if not is_han(one)] == []


def test_nobody_else_writes_a_range_of_han_characters():
    range_of_han = re.compile(
        r"\\u(?:2e80|3000|3400|4e00)-\\u9fff|一-[龥鿿]|\\u9fa5", re.IGNORECASE
    )
    sources = [file for app in [*APPS, "textkit"] for file in (ROOT / app).rglob("*.py")]
    sources += (ROOT / "static" / "desk").glob("*.js")
    assert len(sources) > 100
    # A migration contains its own copy of the definition.
    sources = [file for file in sources if file.parent.name != "migrations"]
    found = [file.name for file in sources if range_of_han.search(file.read_text("utf-8"))]
    assert found == ["han.py"]
