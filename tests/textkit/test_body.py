"""Rule: a body is normalised once, where it enters, and no output loses a character."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given, settings

from tests.helpers.html_bodies import bodies
from textkit import html, paste_cleanup
from textkit.blocks import PHOTO_LINE, in_signs
from textkit.body import Body, escaped_markup


@settings(max_examples=300, deadline=None)
@given(bodies())
def test_a_body_survives_being_saved_opened_and_saved(source):
    body = Body.from_html(source)
    assert Body.from_html(str(body)) == body
    text = body.as_markup({7: 1})
    if text is not None:
        assert Body.from_markup(text, {1: 7}) == body


@settings(max_examples=300, deadline=None)
@given(bodies())
def test_the_plain_text_has_every_visible_character(source):
    body = Body.from_html(source)
    shown = html.re.sub(r"<sup>.*?</sup>|<sub>.*?</sub>", "", body)
    for sign in "甲乙丙𠮷，。“”《》%~":
        assert body.text.count(sign) >= shown.count(sign)
    assert "".join(line.text for block in body.blocks for line in block.lines) == "".join(
        line.text for line in body.lines
    )
    assert Body("\n".join(block.html for block in body.blocks)).text == body.text


@pytest.mark.parametrize(
    ("source", "body", "text", "markup"),
    [
        (
            "<p>10<sup>5</sup>个，100m<sup>2</sup>，CO<sub>2</sub>，10<sup>-3</sup></p>",
            "<p>10<sup>5</sup>个，100m<sup>2</sup>，CO<sub>2</sub>，10<sup>-3</sup></p>",
            "10⁵个，100m²，CO₂，10⁻³",
            "10^{5}个，100m^{2}，CO_{2}，10^{-3}",
        ),
        (
            "<p>m<span style='vertical-align: super'>2</span><b>H<sub>2</sub>O</b></p>",
            "<p>m<sup>2</sup><strong>H<sub>2</sub>O</strong></p>",
            "m²H₂O",
            "m^{2}**H_{2}O**",
        ),
        ("<p>甲<sup>注</sup>乙<sup> </sup></p>", "<p>甲<sup>注</sup>乙</p>", "甲注乙", "甲^{注}乙"),
        ("<p>x^{2} 和 a_{1}</p>", "<p>x^{2} 和 a_{1}</p>", "x^{2} 和 a_{1}", "x\\^{2} 和 a\\_{1}"),
    ],
)
def test_raised_and_lowered_signs_stay(source, body, text, markup):
    made = Body.from_html(source)
    assert (made, made.text, made.as_markup({})) == (body, text, markup)
    assert Body.from_markup(markup, {}) == body


def test_signs_that_unicode_lacks_stay_letters():
    assert in_signs("12", "sup") == "¹²"
    assert in_signs("st", "sup") == "st"
    # Without a sign 10 to the power of -5.5 would be 10-5.5.
    assert in_signs("-5.5", "sup") == "^-5.5"


def test_a_body_is_normalised_once_and_reading_it_cleans_nothing(monkeypatch):
    calls = []
    for module, name in ((paste_cleanup, "_WELL_FORMED"), (html, "_CLEANER")):
        cleaner = getattr(module, name)

        class Counted:
            def clean(self, source: str, cleaner: object = cleaner, name: str = name) -> str:
                calls.append(name)
                return cleaner.clean(source)

        monkeypatch.setattr(module, name, Counted())
    body = Body.from_html("<p>甲<b>乙</b></p><ul><li>丙</li></ul>")
    assert calls == ["_WELL_FORMED", "_CLEANER"]
    Body.from_html(body, [1])
    assert (body.text, body.photos, body.as_markup({})) == ("甲乙\n丙", [], "甲**乙**\n\n- 丙")
    assert copy.deepcopy(body) is body
    assert len(calls) == 2


def test_a_photo_stands_once_and_only_where_it_belongs():
    body = Body.from_html(
        '<p>甲</p><figure data-photo="7"></figure><p>乙</p><figure data-photo="7"></figure>'
        '<figure data-photo="8"></figure>'
    )
    assert body.photos == [7, 8]
    assert body.only_photos([7]) == '<p>甲</p>\n<figure data-photo="7"></figure>\n<p>乙</p>'
    assert body.only_photos([]).photos == []
    assert [line.text for line in body.lines] == ["甲", PHOTO_LINE, "乙", PHOTO_LINE]
    assert body.without_photos() == "<p>甲</p>\n<p>乙</p>"


@pytest.mark.parametrize(
    "text",
    [
        "<p>水闸换了。</p>",
        "甲<br/>乙",
        "&nbsp;&nbsp;缩进",
        "<strong>粗",
        "AT&amp;T",
        "&#8203;甲",
        "<IMG src=x>",
    ],
)
def test_html_that_was_escaped_once_more_is_noticed(text):
    found = escaped_markup(Body.from_paragraphs([text]).text)
    assert found
    assert found in text


@pytest.mark.parametrize(
    "text", ["3<5 且 5>3", "《<新>城》", "A&B; C", "<我>", "a <b c", "x<y>z", "R&D"]
)
def test_signs_of_a_text_are_no_markup(text):
    assert escaped_markup(Body.from_paragraphs([text]).text) == ""
