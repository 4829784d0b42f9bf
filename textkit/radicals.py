"""Han characters for radicals and components, which PDF files and old fonts put into a text.

Source: Unicode, EquivalentUnifiedIdeograph.txt (CJK Radicals Supplement) and the compatibility
decompositions of UnicodeData.txt (Kangxi Radicals). Where Unicode names a rare character, the
table has the one that a paper prints: what looks like 户 in the PDF of a mainland paper is 户.
"""

from __future__ import annotations

import unicodedata

#: U+2E81 to U+2EF3; U+2E9A is not assigned. U+2E80 has no equivalent.
_SUPPLEMENT = (
    "厂乛乚乙亻冂几刀刂卜㔾小小尢尣尢尣巳幺彑彐忄心扌攵\u2e9a旡日月歺母民氵氺灬爫爫丬牛犭王疋目示礻"
    "竹糹纟罓罒网网网羊羊羋耂肀聿肉臼艹艹艹虎衤覀西见角角讠贝足车辶辶辶阝钅長镸长门阜阝雨青韦页风飞"
    "食食飠饣首马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟"
)
#: The Han character for each radical, by code point.
HAN_OF_RADICAL: dict[int, str] = {
    **{0x2E81 + n: char for n, char in enumerate(_SUPPLEMENT)},
    **{code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)},
    0x2F3E: "户",
    0x2FAD: "青",
}
