"""Counting, cutting, cleaning: the pure functions on Chinese text."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textkit import html
from textkit.body import Body
from textkit.dates import dateline
from textkit.tokens import bigrams
from textkit.truncate import excerpt, first_sentence, single_line


@given(st.text(max_size=200), st.integers(min_value=2, max_value=120))
def test_an_excerpt_is_never_longer_than_asked(text, chars):
    assert len(excerpt(text, chars)) <= chars + 1


def test_an_excerpt_ends_at_a_sentence_where_it_can():
    assert excerpt("水来了。谷子就不空壳，他说。", 6) == "水来了。"
    assert excerpt("一二三四五六七八九十", 5) == "一二三四五…"
    assert excerpt("短", 5) == "短"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("荡秋千。\n园里的阿姨", "荡秋千。园里的阿姨"),
        ("他说：“行。”\n\n11月20日，", "他说：“行。” 11月20日，"),
        ("上了架。\n11月20日", "上了架。11月20日"),
        ("“来了。”\n“去哪？”", "“来了。”“去哪？”"),
        ("（记者 沈青山）\n本报讯", "（记者 沈青山）本报讯"),
        ("把一年的话摊开\n让太阳读一遍", "把一年的话摊开 让太阳读一遍"),
        ("It is “new” here. \t Yes", "It is “new” here. Yes"),
    ],
)
def test_paragraphs_are_joined_without_a_space_behind_a_chinese_mark(text, line):
    assert single_line(text) == line
    assert excerpt(text, 99) == line


def test_the_sentence_under_a_photo_is_a_headline():
    assert first_sentence("茶农在晾晒油茶果。今年挂果一万八千亩。") == "茶农在晾晒油茶果"
    assert first_sentence("好！茶农在晾晒油茶果！他们笑了。") == "好！茶农在晾晒油茶果！"
    assert first_sentence("没有句号的说明") == "没有句号的说明"


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("<p>　　缩进</p>", "<p>缩进</p>"),
        ("<p>　</p><p>好</p>", "<p>好</p>"),
        ("<b>粗</b>", "<strong>粗</strong>"),
        ("<script>alert(1)</script>好", "好"),
        ('<p style="color:red" onclick="x">好</p>', "<p>好</p>"),
        ('<a href="javascript:x">好</a>', '<a rel="noopener nofollow">好</a>'),
        ("<img src=x onerror=y>好", "好"),
        ("<svg><a>坏</a></svg>好", "好"),
        ("<font>好</font>", "好"),
    ],
)
def test_only_what_the_paper_prints_stays(dirty, clean):
    assert html.sanitise(dirty) == clean


@given(st.text(alphabet="<>/pbisctr水 \u3000&;\"='", max_size=60))
def test_cleaning_again_changes_nothing(source):
    once = html.sanitise(source)
    assert html.sanitise(once) == once


def test_plain_paragraphs_survive_html():
    texts = ["甲 <乙>", "“丙” & 丁"]
    assert Body.from_paragraphs(texts).paragraphs == texts


@pytest.mark.parametrize("start", ["<", "<figure>", "<br "])
def test_a_text_of_tags_that_never_end_is_read_in_one_pass(start):
    """A search from each of them to the end would take minutes for half a megabyte."""
    source = start * (400_000 // len(start))
    assert Body(source).text == ("" if start == "<figure>" else source.strip())


@given(st.text("<>a&\"'/p;"))
def test_what_is_typed_as_text_is_read_as_text(source):
    assert Body.from_paragraphs([source]).text == source


def test_search_tokens_are_pairs_so_that_every_name_is_found():
    assert bigrams("沈青山, WTO 23") == "沈青 青山 山 wt to o 23 3"


def test_a_masthead_says_the_day_with_its_lunar_date():
    assert dateline(dt.date(2022, 10, 18)) == "2022年10月18日 星期二 农历九月廿三"
