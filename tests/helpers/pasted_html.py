"""HTML as Word, WPS and WeChat put it on the clipboard."""

from __future__ import annotations

#: Like Word: list paragraphs without lists, fonts, empty paragraphs, o:p.
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
#: Like WPS: spans for everything, bold by style, bullets as letters.
WPS = """<p class="MsoNormal" style="text-indent:28pt;"><span style="font-family:仿宋;font-size:14pt;">
<font face="仿宋">　　今年以来，</font></span><span style="font-family:仿宋;font-weight:bold;">白沙镇</span>
<span style="mso-spacerun:'yes'"><font face="仿宋">投入</font>12<font>万元。</font></span></p>
<p class="MsoNormal"><span>&nbsp;</span></p>
<p class="MsoNormal" style="mso-list:l0 level1 lfo1;"><!--[if !supportLists]--><span
style="font-family:Wingdings;"><span style='mso-list:Ignore;'>n&nbsp;</span></span><!--[endif]-->修渠</p>
<p class="MsoNormal" style="mso-list:l0 level1 lfo1;"><span style='mso-list:Ignore;'>n&nbsp;</span>清淤</p>
<p class="p">l&nbsp;&nbsp;甲村</p><p class="p">·&nbsp;&nbsp;乙村</p>"""
#: Like WeChat: nested sections, pictures that load later, line breaks as paragraphs.
WECHAT = """<section data-role="outer" style="background:#fff"><section style="margin:0 8px">
<p style="white-space:normal;line-height:1.75em"><span style="font-size:15px;color:rgb(63,63,63)">
<strong style="color:red">编者按</strong>：渡口的船退休了。</span></p><p><br></p>
<section><img data-src="https://mmbiz.example/0?wx_fmt=jpeg" class="rich_pages"></section>
<section><span>第一句。</span><br><br><span>第二句。</span></section>
<p style="text-align:center"><a href="https://mp.example/s" data-linktype="2">往期</a>
<a href="javascript:;">赞</a></p><mp-common-profile data-id="1"></mp-common-profile></section></section>"""
