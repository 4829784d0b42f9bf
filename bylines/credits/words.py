"""Vocabulary of credit lines: printed roles, their prefixes, and words that follow names."""

from __future__ import annotations

import re
from collections.abc import Callable

from textkit.han import HAN

#: Role by printed role noun; the pattern tries longer nouns first.
NOUNS: dict[str, str] = {
    "记者": "记者",
    "主播": "记者",
    "通讯员": "通讯员",
    "通信员": "通讯员",
    "实习生": "实习生",
    "评论员": "评论员",
    "作者": "作者",
    "撰稿人": "作者",
    "文字": "文字",
    "撰文": "文字",
    "撰稿": "文字",
    "采写": "文字",
    "文案": "文字",
    "执笔": "文字",
    "摄影": "摄影",
    "拍摄": "摄影",
    "摄像": "摄像",
    "视频": "摄像",
    "剪辑": "摄像",
    "图片": "图片",
    "照片": "图片",
    "配图": "图片",
    "供图": "供图",
    "供稿": "供稿",
    "投稿": "供稿",
    "编辑": "编辑",
    "责编": "编辑",
    "美编": "编辑",
    "版式设计": "编辑",
    "版面设计": "编辑",
    "视觉设计": "编辑",
    "美术设计": "编辑",
    "组版": "编辑",
    "排版": "编辑",
    "版式": "编辑",
    "编审": "审核",
    "校对": "校对",
    "审校": "校对",
    "一读": "校对",
    "二读": "校对",
    "审核": "审核",
    "审读": "审核",
    "监制": "审核",
    "终审": "审核",
    "复审": "审核",
    "初审": "审核",
    "一审": "审核",
    "二审": "审核",
    "三审": "审核",
    "审签": "审核",
    "签发": "审核",
    "责校": "校对",
    "统筹": "统筹",
    "策划": "策划",
    "制图": "制图",
    "绘图": "制图",
    "图表": "制图",
    "漫画": "制图",
    "设计": "制图",
    "制作": "制图",
    "指导老师": "指导老师",
    "指导教师": "指导老师",
    "辅导老师": "指导老师",
    "值班主任": "值班主任",
    "值班编委": "值班编委",
    "值班总编": "值班总编",
}
#: Roles that take precedence over the role noun after them (摄影：新华社记者谢环驰).
LEADING = frozenset({"摄影", "摄像", "供图", "图片"})
#: Roles of people who supplied a picture, not a text.
PICTURE = frozenset({"摄影", "供图", "图片"})
#: Roles of people who wrote the text.
WRITING = frozenset({"记者", "通讯员", "实习生", "作者", "文字", "评论员"})

_HOUSE_END = (
    "日报|晚报|早报|晨报|时报|商报|快报|新报|都市报|青年报|教育报|科技报|法治报|农民报|工人报|周报|导报|学报|报|网"
    "|社|总台|电视台|广播电台|电台|广播台|台|新闻客户端|客户端|新闻|财经|在线|传媒|融媒体中心|融媒|周刊|杂志|频道|观察|视频|中心"
)
_HOUSE = rf"(?:[{HAN}A-Za-z0-9]{{1,8}}?(?:{_HOUSE_END}))"
_MODIFIER = (
    rf"(?:本(?:报|刊|社|网|台|版|组|组文)|驻[{HAN}]{{1,6}}|特派(?:[{HAN}]{{2,3}})?|特约|见习|实习|首席|资深"
    r"|高级|全媒体|融媒体|融媒|新媒体|学生|校园|小|文字|摄影|视频|图片|体育|经济|财经|央视|责任|值班|网络|美术|文字|本期"
    r"|稿件|执行|特邀|一级|二级|栏目|版面|新闻|总|主|兼|[·•／/\-—])"
)
#: Label before a role noun; 某晚报·某点 is a news house with its second name.
_LABEL = re.compile(rf"(?:{_MODIFIER}|{_HOUSE}(?:[·•／/\-—][{HAN}]{{2,6}})?)+")
#: News house after names: at least two characters before its ending, and 晚报 is not split.
_STRONG_START = re.compile(
    rf"{_MODIFIER}|[{HAN}A-Za-z0-9]{{2,8}}?(?<![日晚早晨时商快新周])(?:{_HOUSE_END})"
)
_OUR_HOUSE = re.compile(r"本(?:报|刊|社|网|台)")
#: Suffixes that turn a role noun into another word (摄影展, 编辑部, 记者站).
_NOT_AFTER = {
    "记者": "节|站|证|会|团|手记|调查|观察|来信|获悉",
    "编辑": "部|手记|同志|老师|室|社",
    "作者": "简介|按|单位|地址|介绍",
    "通讯员": "培训|队伍|座谈|会议",
    # 视频编辑 and 摄影记者 are one noun with its label, not two.
    "摄影": "编辑|记者|展|师|家|大赛|比赛|作品|协会|班|界|术|艺术|爱好",
    "文字": "编辑|记者|编导",
    "视频": "编辑|记者|编导|号",
    "图片": "编辑|记者|编导|展|社",
}
_NOUN = "|".join(
    f"{noun}(?!{_NOT_AFTER[noun]})" if noun in _NOT_AFTER else noun
    for noun in sorted(NOUNS, key=len, reverse=True)
)
#: Labels that mean a reporter without the noun: 融媒体 before a name is 融媒体记者.
BARE_LABELS = frozenset({"融媒体", "全媒体", "融媒"})
#: Words before or after writers who supplied both text and pictures.
_BOTH = (
    r"摄影报道|文字?[、/／]?并?[、/／]?(?:图片?|摄影?)(?:报道)?"
    r"|图文(?:报道)?|图[/／、]文|采写并?摄影?"
)
#: Words with a meaning inside a chunk, longest first; names and labels are between them.
WORDS = re.compile(
    rf"(?P<both>{_BOTH})|(?P<taking>参与(?:采写|采访|报道))|(?P<words>^(?:本组|本版)?文[/／](?=.))|(?P<text>[/／]文|采访整理|整理|采访)"
    rf"|(?P<picture>^(?:图片?|摄影?)[/／](?=.))|(?P<shot>[/／](?:摄影?|图片?)|摄$)|(?P<noun>{_NOUN})"
)
#: Chunks that do not mean a person.
NOISE = re.compile(
    rf"(?:综合|联合|专题|采访)*报道|综合|发自[{HAN}]{{2,6}}|来源|本组文?|除?署名外"
    rf"|(?!本[报版组]|题|配|供)[{HAN}]{{2,6}}(?:照片|图片)|[{HAN}]{{0,12}}(?:系|为)[{HAN}]{{2,30}}"
)
SOURCE = re.compile(rf"来源[:：][{HAN}A-Za-z·]{{2,16}}?(?=作者|编辑|责编|责任|本报|$|[\s）)])")
SUPPLIED = re.compile(
    rf"(?:本版|本文|文中)?(?:图片|照片|配图|供图|图)(?:均|皆|都)?"
    rf"由(?P<who>[{HAN}A-Za-z0-9、· ]{{2,30}}?)(?:提供|供图)"
)
#: Sentence that is a credit: 本版稿件由 … 采写.
WRITTEN_BY = re.compile(
    r"(?:本[版报文组期]|以上)?(?:稿件|文字|文章|报道|内容)?(?:均|皆|都)?由(.{2,80}?)(?:采写|撰写|采访|整理|报道|编写)"
)
#: Head of a story copied from a website: 2023-05-06 10:00 来源：… 作者：…
DATED = re.compile(
    r"^(?:发布时间[:：]\s*)?\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?\s+"
)
#: Contact data of an editor, not a person.
CONTACT = re.compile(
    r"(?:E-?mail|邮箱|信箱|电话|热线|微信|QQ|手机|传真)[:：]\s*[\w@.\-+]*|[\w.\-]+@[\w.\-]+",
    re.IGNORECASE | re.ASCII,
)
#: Role by a whole chunk; inside a chunk these words are part of others (执行编辑).
WHOLE_NOUNS = {"执行": "统筹", "出镜": "记者", "航拍": "摄影", "配音": "记者"}
#: A line without any of these characters contains no role.
HINT = re.compile(
    f"[{''.join(sorted({noun[0] for noun in (*NOUNS, *WHOLE_NOUNS)}))}文摄图采整参融全学校由单位地]"
)
BULLETS = "◎□●◆■▲△★☆○◇▶►•※◤❖＊*"
#: What divides names. Phones and input methods write some of them in other signs; 丶 is a character
#: that no name has.
SEPARATORS = re.compile(
    r"(?:[\s、，,|｜丨:：\ufe50\ufe51\uff64]"
    rf"|(?<=[{HAN}\s])[&＆+＋](?=[{HAN}\s])|(?<=[{HAN}])丶(?=[{HAN}]))+"
)


def is_label(text: str) -> bool:
    """Return whether `text` is a prefix of a role noun, such as a news house, 本报 or 见习."""
    return bool(_LABEL.fullmatch(text)) if 0 < len(text) <= 24 else False


def label_start(text: str, can_be_names: Callable[[str], bool], *, expects_names: bool) -> int:
    """Return the index in `text`, which precedes a role noun, at which the noun's label starts.

    The part before the label must be names (`can_be_names`). The result is `len(text)` without a
    label, and 0 if all of `text` is a label. If `expects_names`, a role noun precedes `text`: then
    the shortest label counts, else the longest.
    """
    ours = _OUR_HOUSE.search(text)
    if (
        ours
        and ours.start()
        and can_be_names(text[: ours.start()])
        and is_label(text[ours.start() :])
    ):
        return ours.start()
    if not expects_names and is_label(text) and (_is_modifier(text) or not can_be_names(text)):
        return 0
    for start in range(len(text) - 1, 0, -1):
        tail = text[start:]
        if _STRONG_START.match(tail) and is_label(tail) and can_be_names(text[:start]):
            return start
    return 0 if is_label(text) and not can_be_names(text) else len(text)


def _is_modifier(text: str) -> bool:
    return bool(re.fullmatch(rf"{_MODIFIER}+", text))
