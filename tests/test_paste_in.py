"""Text from Word, WPS and WeChat: paragraphs, bold, lists, tables and links stay, the rest goes."""

from __future__ import annotations

import pytest

from textkit import html
from textkit.paste import mend

#: In the manner of Word: list paragraphs that are no lists, fonts, empty paragraphs, o:p.
WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>
p.MsoNormal {margin:0cm;font-family:等线;}</style></head><body lang=ZH-CN>
<!--StartFragment--><h1><b><span style='font-size:16.0pt;font-family:黑体'>水闸通电<o:p></o:p></span></b></h1>
<p class=MsoNormal style='text-indent:21.0pt'><span style='font-family:宋体'>　　全镇六座水闸
装上了<b>电动机</b>，<a href="https://paper.example/a"><span lang=EN-US>详情</span></a>。</span><o:p></o:p></p>
<p class=MsoNormal><span lang=EN-US><o:p>&nbsp;</o:p></span></p>
<p class=MsoListParagraph style='margin-left:21.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Wingdings;mso-fareast-font-family:Wingdings'><span style='mso-list:Ignore'>l<span
style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span></span><![endif]>白沙<o:p></o:p></p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='mso-list:Ignore'>·<span>&nbsp;&nbsp;</span></span><![endif]>石桥</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>2.<span>&nbsp;
</span></span>第二条</p>
<p class=MsoListParagraph style='mso-list:l2 level1 lfo3'><span style='mso-list:Ignore'>一、</span>背景</p>
<table class=MsoTableGrid border=1 style='border-collapse:collapse'><tr style='height:1pt'>
<td width=284 style='border:solid windowtext 1.0pt'><p class=MsoNormal><b>镇街</b></p></td>
<td colspan=2 valign=top><p class=MsoNormal>数量</p><p class=MsoNormal>座</p></td></tr></table>
<p class=MsoNormal><img width=10 src="file:///C:/Temp/clip_image001.png"></p>
<p class=MsoNormal>尾<del cite="mailto:x" datetime="2026">删去的</del><span style='mso-hide:all'>藏</span></p>
<!--EndFragment--></body></html>"""
WORD_CLEAN = """<h2>水闸通电</h2>
<p>全镇六座水闸装上了<strong>电动机</strong>，<a href="https://paper.example/a" rel="noopener nofollow">详情</a>。</p>
<ul><li>白沙</li><li>石桥</li></ul>
<ol start="2"><li>第二条</li></ol>
<p>一、背景</p>
<table><tbody><tr><td><strong>镇街</strong></td><td colspan="2"><p>数量</p><p>座</p></td></tr></tbody></table>
<p>尾</p>"""
#: In the manner of WPS: spans for everything, bold by style, bullets as letters.
WPS = """<p class="MsoNormal" style="text-indent:28pt;"><span style="font-family:仿宋;font-size:14pt;">
<font face="仿宋">　　今年以来，</font></span><span style="font-family:仿宋;font-weight:bold;">白沙镇</span>
<span style="mso-spacerun:'yes'"><font face="仿宋">投入</font>12<font>万元。</font></span></p>
<p class="MsoNormal"><span>&nbsp;</span></p>
<p class="MsoNormal" style="mso-list:l0 level1 lfo1;"><!--[if !supportLists]--><span
style="font-family:Wingdings;"><span style='mso-list:Ignore;'>n&nbsp;</span></span><!--[endif]-->修渠</p>
<p class="MsoNormal" style="mso-list:l0 level1 lfo1;"><span style='mso-list:Ignore;'>n&nbsp;</span>清淤</p>
<p class="p">l&nbsp;&nbsp;甲村</p><p class="p">·&nbsp;&nbsp;乙村</p>"""
WPS_CLEAN = """<p>今年以来，<strong>白沙镇</strong> 投入12万元。</p>
<ul><li>修渠</li><li>清淤</li><li>甲村</li><li>乙村</li></ul>"""
#: In the manner of WeChat: nested sections, pictures that load later, line breaks as paragraphs.
WECHAT = """<section data-role="outer" style="background:#fff"><section style="margin:0 8px">
<p style="white-space:normal;line-height:1.75em"><span style="font-size:15px;color:rgb(63,63,63)">
<strong style="color:red">编者按</strong>：渡口的船退休了。</span></p><p><br></p>
<section><img data-src="https://mmbiz.example/0?wx_fmt=jpeg" class="rich_pages"></section>
<section><span>第一句。</span><br><br><span>第二句。</span></section>
<p style="text-align:center"><a href="https://mp.example/s" data-linktype="2">往期</a>
<a href="javascript:;">赞</a></p><mp-common-profile data-id="1"></mp-common-profile></section></section>"""
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
    assert html.sanitise(mend(pasted)) == clean
    assert html.sanitise(mend(clean)) == clean


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
    assert html.sanitise(mend(pasted)) == clean


def test_a_deep_tangle_does_no_harm():
    source = "<div>" * 5000 + "<p>深处</p>" + "<ul><li>" * 500 + "项"
    assert html.to_text(html.sanitise(mend(source))).replace("\n", "") == "深处项"
