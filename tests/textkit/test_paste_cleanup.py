"""Text from Word, WPS and WeChat: only paragraphs, bold, lists, tables and links stay."""

from __future__ import annotations

import re

import pytest

from tests.helpers.pasted_html import WECHAT, WORD, WPS
from textkit.body import Body

WORD_CLEAN = """<h2>水闸通电</h2>
<p>全镇六座水闸装上了<strong>电动机</strong>，<a href="https://paper.example/a" rel="noopener nofollow">详情</a>。</p>
<ul><li>白沙</li><li>石桥</li></ul>
<ol start="2"><li>第二条</li></ol>
<p>一、背景</p>
<table><tbody><tr><td><strong>镇街</strong></td><td colspan="2"><p>数量</p><p>座</p></td></tr></tbody></table>
<p>尾</p>"""
WPS_CLEAN = """<p>今年以来，<strong>白沙镇</strong> 投入12万元。</p>
<ul><li>修渠</li><li>清淤</li><li>甲村</li><li>乙村</li></ul>"""
WECHAT_CLEAN = """<p><strong>编者按</strong>：渡口的船退休了。</p>
<p>第一句。</p>
<p>第二句。</p>
<p><a href="https://mp.example/s" rel="noopener nofollow">往期</a> 赞</p>"""


@pytest.mark.parametrize(
    ("pasted", "clean"),
    [(WORD, WORD_CLEAN), (WPS, WPS_CLEAN), (WECHAT, WECHAT_CLEAN)],
    ids=["word", "wps", "wechat"],
)
def test_pasted_text_keeps_its_form_and_drops_its_looks(pasted, clean):
    assert Body.from_html(pasted) == clean
    assert Body.from_html(clean) == clean


@pytest.mark.parametrize(
    ("pasted", "clean"),
    [
        ("<p>甲</p><div><p>乙</p>丙</div>", "<p>甲</p>\n<p>乙</p>\n<p>丙</p>"),
        ("光是文字", "<p>光是文字</p>"),
        ("<b style='font-weight:normal'><p>甲</p></b>", "<p>甲</p>"),
        ("<p><i>斜</i><u>线</u></p>", "<p>斜线</p>"),
        ("<p>l 型钢</p>", "<ul><li>型钢</li></ul>"),
        ("<p>lamp</p>", "<p>lamp</p>"),
        ("<p>1.5亩</p>", "<p>1.5亩</p>"),
        ("<p>　<strong>　</strong>甲</p>", "<p>甲</p>"),
        ("<p>甲<br><br>乙</p>", "<p>甲</p>\n<p>乙</p>"),
        ("<p>甲<br>　　乙</p>", "<p>甲<br>乙</p>"),
        ("<table><tr><td></td></tr></table>", ""),
        ("<ul><li></li></ul>", ""),
        ('<ul><li>甲<figure data-photo="3"></figure></li></ul>', '<ul><li>甲</li></ul>\n<figure data-photo="3"></figure>'),
    ],
)  # fmt: skip
def test_small_cases(pasted, clean):
    assert Body.from_html(pasted) == clean


def test_a_deep_tangle_does_no_harm():
    source = "<div>" * 5000 + "<p>深处</p>" + "<ul><li>" * 500 + "项"
    assert Body.from_html(source).text.replace("\n", "") == "深处项"


@pytest.mark.parametrize(
    ("source", "body"),
    [
        ("<pre>甲\n乙\n\n丙</pre>", "<p>甲<br>乙</p>\n<p>丙</p>"),
        ("<p style='white-space: pre-wrap'>甲\n乙</p>", "<p>甲<br>乙</p>"),
        ("<pre><span style='white-space:normal'>甲\n乙</span></pre>", "<p>甲乙</p>"),
        (
            "<p>当<math><msup><mi>x</mi><mn>2</mn></msup><mo>=</mo></math>4时</p>",
            "<p>当x<sup>2</sup>=4时</p>",
        ),
    ],
)
def test_what_a_browser_shows_of_it_stays(source, body):
    assert Body.from_html(source) == body


@pytest.mark.parametrize(
    "side",
    [
        # Word and WPS.
        "<span class=MsoCommentReference><a class=msocomanchor href='#_msocom_1'>[W1]</a></span>",
        "<a style='mso-footnote-id:ftn1' href='#_ftn1' name='_ftnref1'><span "
        "class=MsoFootnoteReference>[1]</span></a>",
        "<div style='mso-element:comment-list'><div style='mso-element:comment'>先别发</div></div>",
        "<div style='mso-element:endnote-list'><p class=MsoEndnoteText>县水务局</p></div>",
        "<span class=msoDel><s>删去</s></span>",
        "<del cite='mailto:x'>删去</del>",
        # LibreOffice, Google Docs, an encyclopedia.
        "<a class='sdfootnoteanc' name='sdfootnote1anc' href='#sdfootnote1sym'><sup>1</sup></a>",
        "<div id='sdfootnote1'><p class='sdfootnote'>县水务局</p></div>",
        "<sup><a href='#cmnt1' id='cmnt_ref1'>[a]</a></sup>",
        "<sup><a href='https://doc.example/x#ftn3'>[3]</a></sup>",
        "<sup class='reference'><a href='#cite_note-1'>[1]</a></sup>",
    ],
)
def test_side_matter_is_no_text(side):
    assert Body.from_html(f"<p>甲乙</p>{side}<p>丙</p>").text == "甲乙\n丙"


@pytest.mark.parametrize(
    "text",
    [
        "<a href='https://paper.example/#news'>新闻网</a>",
        "<a href='#top'>回到开头的地方</a>",
        "<a href='#_ftn1'>见本报另文报道</a>",
        "<p class='comments-are-welcome'>欢迎来信</p>",
        "<p class='note'>编者按</p>",
        "<ins>补上</ins>",
        "<s>原价五元</s>",
        "[1]",
    ],
)
def test_what_belongs_to_the_text_is_no_side_matter(text):
    assert Body.from_html(f"<div>{text}</div>").text


@pytest.mark.parametrize(
    "source",
    [
        "<p>见<a href='https://www.paper.example/news#comments'>县政府网</a>。</p>",
        "<p>见<a href='https://www.paper.example/#company'>水务公司</a>。</p>",
        "<p>见<a href='#_ftn1'>水闸说明</a>。</p>",
        "<section id='com12'><p>见县政府网。</p></section>",
    ],
)
def test_the_words_of_a_link_and_the_text_of_a_page_are_no_side_matter(source):
    """They were removed because the anchor or the id resembled one of a word processor."""
    assert Body.from_html(source).text == re.sub(r"<[^>]+>", "", source)


@pytest.mark.parametrize(
    "source",
    [
        "<p>水闸<sup><a href='#cmnt1' id='cmnt_ref1'>[a]</a></sup>换了。</p><div><p>"
        "<a href='#cmnt_ref1' id='cmnt1'>[a]</a><span>先别发</span></p></div>",
        "<p>水闸<sup><a href='#ftnt1' id='ftnt_ref1'>[1]</a></sup>换了。</p><div><p>"
        "<a href='#ftnt_ref1' id='ftnt1'>[1]</a><span>县水务局</span></p></div>",
        "<p>水闸<a href='#_ftn1'>[1]</a>换了。</p><p><a href='#_ftnref1'><span>[1]</span></a> 注</p>",
        "<p>水闸<a href='#_msocom_1'>[张1]</a>换了。</p>",
        "<p>水闸换了。</p><ol><li><a href='#cite_ref-1'>↑</a> 县志</li></ol>",
    ],
)
def test_a_note_that_leads_back_to_the_text_is_side_matter(source):
    """Exports of Google Docs, and parts of a page, have no container around their notes."""
    assert Body.from_html(source) == "<p>水闸换了。</p>"


def test_hidden_items_rows_and_cells_are_left_out_as_paragraphs_are():
    source = (
        "<ul><li>闸</li><li style='display:none'>藏</li></ul><table><tr><td>甲</td>"
        "<td style='mso-hide:all'>藏</td></tr><tr style='display:none'><td>藏</td></tr></table>"
    )
    assert "藏" not in Body.from_html(source)
    assert Body.from_html(source).text == "闸\n甲"


def test_a_formula_keeps_index_and_power():
    source = "<p><math><msubsup><mi>x</mi><mn>1</mn><mn>2</mn></msubsup></math></p>"
    assert Body.from_html(source) == "<p>x<sub>1</sub><sup>2</sup></p>"
