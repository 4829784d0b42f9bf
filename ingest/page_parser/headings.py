"""Recognition of a page's headings: kicker, headline lines, and section labels above them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bylines.credits.names import is_name, is_office
from textkit.han import HAN

_TOWN = re.compile(rf"(?!乡镇|城镇|村镇|各|全)[{HAN}]{{1,7}}?(?:街道|镇|乡)(?!村|长|政府|贤|愁)")
_UNIT_END = re.compile(
    r"(?:街道|镇|乡|区|县|市|村|社区|局|委|办|办公室|政协|人大|政府|法院|检察院|学校|小学|中学|大学|学院|幼儿园|党校|医院"
    r"|工会|总工会|妇联|工商联|文联|残联|侨联|科协|商会|林场|农场|管委会|支行|联社|团委|公司|集团|银行|中心|站|所|院|馆|社|协会|联合会|大队|支队|部|工委|党工委|园区|开发区|景区)$"
)
#: Words that occur only in headlines: 打造宜居小区, 让书香飘进校园.
_ACTION = re.compile(
    r"[，。：“”！？让把被]|^(?:打造|建设|建好|建成|共建|创建|争创|走进|走出|推进|助力|聚焦|守护|服务|扮靓|唱响|激活|赋能"
    r"|擦亮|用好|做强|做优|做好|筑牢|绘就|描绘|奔向|迈向|开进|搬进|来到|深入|全力|倾力|合力|着力|奋力)"
)
#: Labels above photos, which do not name a section.
PHOTO_LABELS = frozenset(
    {"图片新闻", "图片报道", "摄影报道", "图说新闻", "新闻图片", "图说", "影像"}
)
#: Labels above several short stories; any other label belongs to one story.
_GROUP_LABEL = re.compile(
    r"(?:快讯|简讯|短讯|短波|动态|集锦|集萃|速览|速递|播报|资讯|要闻|之窗|传真|一束|一瞥|扫描|撷英)$"
)
#: Lead-in that the headline continues: 某某会议强调 …
_LEAD_IN = re.compile(r"(?:提出|强调|指出|要求|表示|认为|获悉|报告显示|透露|宣布|时说)$")
#: Heading of a box next to a story, which is not a story itself.
_SIDEBAR = re.compile(
    r"(?:对话|专访|链接|相关链接|新闻链接|新闻背景|背景|记者手记|采访手记|延伸阅读|小贴士|编后|编后语|短评|提醒|名词解释|人物名片)"
)
_SIGNATURE_END = re.compile(r"(?:先生|女士|同学|大爷|大妈|读者|网友)$|^一[名位个].{1,10}$")
#: Endings of column labels.
_COLUMN = re.compile(
    r"(?:直通车|进行时|走基层|在线|热线|之声|之窗|风采|视点|聚焦|关注|观察|广角|纪事|专栏|平台|园地|课堂"
    r"|论坛|时光|看台|茶座|话题|服务台|服务站|面对面|会客厅|放大镜|显微镜|曝光台|光荣榜|新气象|新实践|新征程"
    r"|·\S{2,6}|手记|来信|随笔|漫谈|杂谈|札记|絮语|小品|短评|时评|快评|评论|人物|副刊|故事)$"
)
#: Headings of notices and adverts, which are separate pieces.
_NOTICE = re.compile(
    r"(?:\S{0,16}?(?:公\s*告|通\s*告|通\s*知|启\s*事|公\s*示|讣\s*告|更\s*正|致歉|遗失|声\s*明|招租|招标|招聘|寻人|寻物|征稿|征文启事"
    r"|告知书|通知书|送达公告|拍卖|出租|转让|订阅))"
)
_SALUTATION = re.compile(r"(?:编辑(?:部|同志|老师)?(?:同志|们|老师)*|(?:尊敬|亲爱)的\S{1,14})[：:]")
MAX_LABEL = 8
#: Length up to which any line above a heading is a label; longer ones must look like one.
_SURE_LABEL = 5


@dataclass(frozen=True, slots=True)
class Heading:
    """Parsed heading: `kicker` or None, and the headline's lines as printed."""

    kicker: str | None
    lines: tuple[str, ...]


def find_town(text: str | None, towns: Sequence[str]) -> str | None:
    """Return the town at the beginning of `text`: one of `towns`, or any 镇, 街道, 乡."""
    if not text:
        return None
    for town in sorted(towns, key=len, reverse=True):
        if text.startswith(town):
            return town
    found = _TOWN.match(text)
    return found[0] if found else None


def town_of_dateline(dateline: str | None, towns: Sequence[str]) -> str | None:
    """Return the town of a dateline: 白沙镇讯, or 白沙讯 with the short name of one of `towns`."""
    place = (dateline or "").removesuffix("讯").strip()
    if len(place) < 2:
        return None
    if re.fullmatch(rf"[{HAN}]{{2,7}}(?:镇|街道|乡)", place) and find_town(place, ()) == place:
        return place
    names = {place, f"{place}镇", f"{place}街道", f"{place}乡"}
    return next((town for town in towns if town in names), None)


def is_unit(text: str) -> bool:
    """Return whether `text` has the form of a town, an office or a school."""
    return len(text) <= 20 and bool(_UNIT_END.search(text)) and not _ACTION.search(text)


def is_label(decks: Sequence[str]) -> bool:
    """Return whether a short line above a heading can be a label or a kicker."""
    return len(decks) == 1 and (len(decks[0]) <= MAX_LABEL or is_unit(decks[0]))


def is_section(decks: Sequence[str]) -> bool:
    """Return whether a line above a heading is a section label, not part of the heading."""
    text = decks[0]
    return (
        len(decks) == 1
        and not is_unit(text)
        and (len(text) <= _SURE_LABEL or (len(text) <= MAX_LABEL and is_section_label(text)))
    )


def has_unit_kicker(lines: Sequence[str], decks: Sequence[str]) -> bool:
    """Return whether a heading has a town or unit above its headline."""
    first = lines[0] if len(lines) > 1 else decks[0]
    return (len(lines) > 1 or len(decks) > 1) and is_unit(first)


def is_group_label(text: str) -> bool:
    """Return whether a section label belongs to several stories."""
    return bool(_GROUP_LABEL.search(text))


def is_section_label(text: str) -> bool:
    """Return whether a line directly above a heading is a column label."""
    return len(text) <= 12 and bool(_GROUP_LABEL.search(text) or _COLUMN.search(text))


def is_notice(text: str) -> bool:
    """Return whether a short line heads a notice or an advert (公告, 遗失声明, 招聘启事)."""
    return len(text) <= 20 and bool(_NOTICE.fullmatch(text))


def is_salutation(text: str) -> bool:
    """Return whether a text begins like a letter (编辑同志：)."""
    return bool(_SALUTATION.match(text))


def is_sidebar(lines: Sequence[str]) -> bool:
    """Return whether a heading opens a box that belongs to the story before it (对话某某, 链接)."""
    return len(lines) == 1 and len(lines[0]) <= MAX_LABEL and bool(_SIDEBAR.match(lines[0]))


def is_signature(decks: Sequence[str]) -> bool:
    """Return whether a short line signs a letter (某路某号  某先生) instead of heading a story."""
    last = decks[-1]
    return len(decks) > 1 and bool(
        _SIGNATURE_END.search(last) or is_name(last, strict=True) or is_office(last)
    )


def read_heading(lines: Sequence[str], decks: Sequence[str], *, apart: bool = False) -> Heading:
    """Return kicker and headline of a heading.

    `lines` are its lines as printed, `decks` the same or the parts of its single line. A kicker is
    a town or unit before the headline, a row of short slogans, a lead-in that ends in 强调 or 提出,
    or the longer upper one of two lines. If `apart`, a blank line follows the first line, which is
    then the kicker unless it is half of a couplet.
    """
    if len(lines) > 1 and lines[-1].startswith(("——", "--", "—")):
        # ——记…: the last line belongs to the headline above it.
        upper = read_heading(lines[:-1], lines[:-1])
        return Heading(upper.kicker, (*upper.lines, lines[-1]))
    if apart and len(lines) > 1 and len(lines[0]) != len(lines[1]):
        rest = lines[1].split() if len(lines) == 2 else [" ".join(x.split()) for x in lines[1:]]
        return Heading(lines[0], tuple(rest))
    if len(lines) == 2:
        return _two_lines(lines)
    if len(lines) > 2 and _is_kicker(lines):
        return Heading(lines[0], tuple(" ".join(line.split()) for line in lines[1:]))
    if len(lines) > 2 or len(decks) == 1:
        return Heading(None, tuple(" ".join(line.split()) for line in decks))
    slogans = _slogans(decks)
    if slogans:
        return Heading(" ".join(decks[:slogans]), tuple(decks[slogans:]))
    if is_unit(decks[0]) or _LEAD_IN.search(decks[0]):
        return Heading(decks[0], tuple(decks[1:]))
    return Heading(None, tuple(decks))


def _is_kicker(lines: Sequence[str]) -> bool:
    """Return whether the first of three or more lines is a kicker.

    It is a unit, a lead-in, or clearly longer than the headline lines below it.
    """
    first, rest = lines[0], lines[1:]
    if is_unit(first):
        return len(first) <= len(rest[0]) or find_town(first, ()) == first
    return bool(_LEAD_IN.search(first)) or len(first) > max(map(len, rest)) + 2


def _two_lines(lines: Sequence[str]) -> Heading:
    """Parse a heading of two lines: a longer upper one is the kicker, a couplet is a headline."""
    upper, lower = lines
    first = upper.split()
    if is_unit(upper) or _LEAD_IN.search(upper) or len(upper) > len(lower):
        return Heading(upper, tuple(lower.split()) if " " in lower else (lower,))
    if len(first) > 1 and is_unit(first[0]):
        return Heading(first[0], (*first[1:], lower))
    return Heading(None, (upper, lower))


def _slogans(decks: Sequence[str]) -> int:
    """Return the number of short decks of equal length before the headline (感党恩 听党话 …)."""
    size = len(decks[0])
    count = 0
    while count < len(decks) and len(decks[count]) == size:
        count += 1
    return count if size <= 4 and 2 <= count < len(decks) else 0
