"""Pastes that came out wrong: what was copied, the body, and what of it light markup can hold.

In the manner of Word, Word on the web, WPS, Google Docs, WeChat, encyclopedias and formula
renderers; all texts are invented. Each is tried in Python (`test_odd_pastes`), in the browser's
`paste.js` (`tests_e2e/test_odd_pastes`), and on every output.
"""

from __future__ import annotations

from typing import NamedTuple


class Paste(NamedTuple):
    """A paste: its HTML, the body that is right, and the body by light markup, if that is less."""

    html: str
    body: str
    light: str = ""


def _listed(level: int, marker: str, text: str, number: int = 0) -> str:
    return (
        f"<p class=MsoListParagraph style='mso-list:l{number} level{level} lfo1'>"
        f"<span style='mso-list:Ignore'>{marker}<span>&nbsp; </span></span>{text}</p>"
    )


_FIELD = (
    "<span style='mso-element:field-begin'></span> {} <span style='mso-element:field-separator'>"
    "</span>{}<span style='mso-element:field-end'></span>"
)
_LINK = ' rel="noopener nofollow"'

PASTES = {
    # Numbers of Word were counted anew through all levels, and odd markers became bullets.
    "nested numbers": Paste(
        _listed(1, "1.", "甲")
        + _listed(2, "(1)", "乙")
        + _listed(2, "(2)", "丙")
        + _listed(1, "2.", "丁"),
        '<ol><li>甲</li></ol>\n<p>(1)乙</p>\n<p>(2)丙</p>\n<ol start="2"><li>丁</li></ol>',
    ),
    "a list that begins anew": Paste(
        _listed(1, "1.", "甲")
        + _listed(1, "2.", "乙")
        + _listed(1, "1.", "丙", 1)
        + _listed(1, "2.", "丁", 1),
        "<ol><li>甲</li><li>乙</li></ol>\n<ol><li>丙</li><li>丁</li></ol>",
    ),
    "articles of a rule": Paste(
        _listed(1, "第一条", "总则") + _listed(2, "1.1", "细则") + _listed(1, "①", "其一"),
        "<p>第一条 总则</p>\n<p>1.1 细则</p>\n<p>①其一</p>",
    ),
    "bullets of WPS": Paste(
        _listed(1, "➢", "修渠") + _listed(2, "o", "清淤"), "<ul><li>修渠</li><li>清淤</li></ul>"
    ),
    "items with numbers of their own": Paste(
        "<ol><li value=5>第五</li><li>第六</li><li value=9>第九</li></ol>",
        '<ol start="5"><li>第五</li><li>第六</li></ol>\n<ol start="9"><li>第九</li></ol>',
    ),
    "numbers in Han characters and letters": Paste(
        "<ol style='list-style-type: cjk-ideographic' start=10><li>甲</li><li><p>乙</p></li></ol>"
        "<ol type=a><li>丙</li></ol>",
        "<p>十、甲</p>\n<p>十一、乙</p>\n<p>a.丙</p>",
    ),
    # A list beside the items, as Google Docs writes it; text between the items was lost.
    "a list beside the items": Paste(
        "<ul><li dir=ltr><p role=presentation>甲</p></li><ul><li>乙</li></ul><li>丙</li></ul>",
        "<ul><li>甲<ul><li>乙</li></ul></li><li>丙</li></ul>",
        "<ul><li>甲</li><li>乙</li><li>丙</li></ul>",
    ),
    "loose text in a list": Paste(
        "<ul>散落的<b>字</b><li>甲</li></ul>",
        "<ul><li>散落的<strong>字</strong></li><li>甲</li></ul>",
    ),
    "lists in lists": Paste(
        "<ol><li>甲<ol><li>乙</li><li>丙</li></ol></li><li>丁<ul><li>戊</li></ul></li></ol>",
        "<ol><li>甲<ol><li>乙</li><li>丙</li></ol></li><li>丁<ul><li>戊</li></ul></li></ol>",
        "<ol><li>甲</li></ol>\n<ol><li>乙</li><li>丙</li></ol>\n"
        '<ol start="2"><li>丁</li></ol>\n<ul><li>戊</li></ul>',
    ),
    # Tables: the caption was lost, and light markup moved values under other headings.
    "a caption": Paste(
        "<table><caption>表1 各镇水位</caption><tr><th>镇</th><th>米</th></tr>"
        "<tr><td>白沙</td><td>3.5</td></tr></table>",
        "<p>表1 各镇水位</p>\n<table><tbody><tr><th>镇</th><th>米</th></tr>"
        "<tr><td>白沙</td><td>3.5</td></tr></tbody></table>",
    ),
    "merged cells": Paste(
        "<table><tr><td rowspan=2>镇</td><td colspan=2>水位</td></tr><tr><td>早</td><td>晚</td></tr>"
        "<tr><td>白沙</td><td>1</td><td>2</td></tr></table>",
        '<table><tbody><tr><td rowspan="2">镇</td><td colspan="2">水位</td></tr>'
        "<tr><td>早</td><td>晚</td></tr>"
        "<tr><td>白沙</td><td>1</td><td>2</td></tr></tbody></table>",
        "<table><tbody><tr><td>镇</td><td>水位</td><td></td></tr>"
        "<tr><td></td><td>早</td><td>晚</td></tr>"
        "<tr><td>白沙</td><td>1</td><td>2</td></tr></tbody></table>",
    ),
    "a table and a list in cells": Paste(
        "<table><tr><td><table><tr><td>甲</td><td>乙</td></tr></table></td>"
        "<td><ul><li>丙</li><li>丁</li></ul></td></tr></table>",
        "<table><tbody><tr><td><table><tbody><tr><td>甲</td><td>乙</td></tr></tbody></table></td>"
        "<td><ul><li>丙</li><li>丁</li></ul></td></tr></tbody></table>",
        "<table><tbody><tr><td>甲 乙</td><td>丙 丁</td></tr></tbody></table>",
    ),
    "a list in a quote": Paste(
        "<blockquote><p>甲</p><ul><li>乙</li><li>丙</li></ul></blockquote>",
        "<blockquote><p>甲</p><ul><li>乙</li><li>丙</li></ul></blockquote>",
        "<blockquote><p>甲</p><p>乙</p><p>丙</p></blockquote>",
    ),
    # Codes of fields were printed.
    "fields of Word": Paste(
        f"<p>见第{_FIELD.format('PAGEREF _Toc1', 3)}页，{_FIELD.format('IF ' + _FIELD.format('PAGE', 1) + ' = 1', '末')}"
        "尾<span style='mso-element:field-begin'></span> DATE <span style='mso-element:field-end'>"
        "</span>。</p>",
        "<p>见第3页，末尾。</p>",
    ),
    "a field without an end": Paste(
        "<p>甲<span style='mso-element:field-begin'></span>乙</p><p>丙</p>",
        "<p>甲乙</p>\n<p>丙</p>",
    ),
    # Readings were glued to their characters.
    "readings over characters": Paste(
        "<p><ruby>单<rt>shàn</rt></ruby>县长、<ruby><rb>漈</rb><rp>(</rp><rt>jì</rt><rp>)</rp>"
        "</ruby>下村<ruby>空<rt></rt></ruby></p>",
        "<p>单（shàn）县长、漈（jì）下村空</p>",
    ),
    # What was deleted was printed.
    "moves and deletions": Paste(
        "<p>甲<span class=msoMoveFrom>旧位</span><ins>新位</ins>"
        "<span class='TrackChangeTextDeletion SCXW1'><span>删</span></span>乙</p>",
        "<p>甲新位乙</p>",
    ),
    "words struck through by hand": Paste(
        "<p>水位<s>3.2</s>3.5米，<span style='text-decoration:line-through'>旧话</span>新话</p>",
        "<p>水位3.23.5米，旧话新话</p>",
    ),
    # Raised and lowered signs: 10⁵ became 105.
    "signs raised by a distance": Paste(
        "<p>10<span style='position:relative;top:-5.0pt;mso-text-raise:5.0pt'>5</span>，"
        "CO<span style='mso-text-raise:-3.0pt'>2</span>，m<span style='vertical-align:4pt'>2</span>，"
        "<span style='mso-text-raise:3pt'>整句话抬高了</span>，<span style='mso-text-raise:1pt'>5G</span></p>",
        "<p>10<sup>5</sup>，CO<sub>2</sub>，m<sup>2</sup>，整句话抬高了，5G</p>",
    ),
    # Formulas: one half became 12, and x² was there twice.
    "formulas": Paste(
        "<p><math><mfrac><mn>1</mn><mn>2</mn></mfrac></math>、<math><mfrac><mrow><mi>a</mi><mo>+</mo>"
        "<mi>b</mi></mrow><mi>c</mi></mfrac></math>、<math><msqrt><mn>2</mn></msqrt></math>、"
        "<span class=katex><span class=katex-mathml><math><msup><mi>x</mi><mn>2</mn></msup></math>"
        "</span><span class=katex-html aria-hidden=true>x2</span></span></p>",
        "<p>1/2、(a+b)/c、√2、x<sup>2</sup></p>",
    ),
    # What a page shows by its looks alone.
    "quotation marks of a page": Paste("<p>他说<q>来了</q>。</p>", "<p>他说“来了”。</p>"),
    "emoji as pictures": Paste(
        "<p>好<img class=emoji alt='😀' src=x>的<img alt='图片包含 水闸' src=y></p>",
        "<p>好😀的</p>",
    ),
    # What a page does not show.
    "what is not shown": Paste(
        "<p>甲</p><noscript><p>请打开脚本</p></noscript><video>不支持视频</video><p hidden>藏</p>"
        "<audio>不支持音频</audio><canvas>画布</canvas><p>乙</p>",
        "<p>甲</p>\n<p>乙</p>",
    ),
    # Light markup: text that looks like markup.
    "text that looks like markup": Paste(
        "<p>1. 甲</p><p>１. 乙</p><p>- 丙</p><p># 丁</p><p>［图1］</p><p>|戊|</p><p>**己**</p>"
        "<p>a\\b</p><p>x^{2}</p><p>[词](http://a.example)</p>",
        "<p>1. 甲</p>\n<p>１. 乙</p>\n<p>- 丙</p>\n<p># 丁</p>\n<p>［图1］</p>\n<p>|戊|</p>\n"
        "<p>**己**</p>\n<p>a\\b</p>\n<p>x^{2}</p>\n<p>[词](http://a.example)</p>",
    ),
    "bold words with blanks": Paste(
        "<p>the <b>big </b>house<b> is</b> red</p>",
        "<p>the <strong>big </strong>house<strong> is</strong> red</p>",
        "<p>the <strong>big</strong> house <strong>is</strong> red</p>",
    ),
    "a line break in bold": Paste("<p><b>甲<br>乙</b></p>", "<p><strong>甲<br>乙</strong></p>"),
    "links": Paste(
        "<p><a href='https://a.example/x'>词[1]</a>、<a href='https://a.example/a_{b}**c**(d)'>链</a>、"
        "<b>重<a href='https://a.example/**'>要</a></b></p>",
        f'<p><a href="https://a.example/x"{_LINK}>词[1]</a>、'
        f'<a href="https://a.example/a_{{b}}**c**(d)"{_LINK}>链</a>、'
        f'<strong>重</strong><a href="https://a.example/**"{_LINK}><strong>要</strong></a></p>',
    ),
    "a link with a bar in a cell": Paste(
        "<table><tr><td><a href='https://a.example/?a=b|c'>链</a></td><td>|</td></tr></table>",
        f'<table><tbody><tr><td><a href="https://a.example/?a=b|c"{_LINK}>链</a></td><td>|</td></tr>'
        "</tbody></table>",
    ),
    "emoji of a phone": Paste(
        "<p>全家👨\u200d👩\u200d👧，👍🏽，❤️\u200d🔥，🇨🇳，1️⃣</p>",
        "<p>全家👨\u200d👩\u200d👧，👍🏽，❤️\u200d🔥，🇨🇳，1️⃣</p>",
    ),
    "an article of WeChat": Paste(
        "<section><section><svg><text>动图</text></svg></section><section><span leaf=''>第一段</span>"
        "</section><section><span leaf=''><br></span></section><section><strong>01</strong><br>"
        "<strong>小标题</strong></section><mp-common-videosnap></mp-common-videosnap></section>",
        "<p>第一段</p>\n<p><strong>01</strong><br><strong>小标题</strong></p>",
    ),
    "rare characters and radicals of a PDF file": Paste(
        "<p>⽔利⼯程，⽤⼾\ue863，𬬻𱍐\U000323af</p>", "<p>水利工程，用户䶮，𬬻𱍐\U000323af</p>"
    ),
}
