"""Names in credit lines: what can be one, and where names run together are parted."""

from __future__ import annotations

import re
from functools import lru_cache

#: The single surnames of nearly everybody, commonest first; order is weight.
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁"
    "任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴"
    "莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅"
    "童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简"
    "车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄"
    "丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区"
    "郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都普阙浦戈伏鹿薄邸雍"
    "辜羊阿乌母裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕危玉银亢嵇公哈湛宾戎勾茅利於呼居揭干但尉冶斯元束檀衣"
    "水昌凤酆常贝经贲洪诸钮滑荀家羿汲邴糜松弓牧隗山宓蓬郗仰秋暴钭韶蓟怀鄂咸籍赖能苍双莘贡逄扶堵宰郦璩濮寿"
    "通郏别充习宦鱼慎庾终暨步弘广禄东"
    "信展阴昝智幸奉植衡富尧闭由历代植俱才后侍阎萧傅戴盘句"
)
COMPOUND = frozenset(
    [
        "欧阳",
        "司马",
        "上官",
        "诸葛",
        "东方",
        "皇甫",
        "尉迟",
        "公孙",
        "慕容",
        "长孙",
        "宇文",
        "司徒",
        "司空",
        "夏侯",
        "令狐",
        "端木",
        "南宫",
        "西门",
        "独孤",
        "轩辕",
        "闻人",
        "钟离",
        "申屠",
        "太史",
        "第五",
        "呼延",
        "完颜",
        "拓跋",
        "赫连",
        "澹台",
        "濮阳",
        "淳于",
        "单于",
        "百里",
        "东郭",
        "公冶",
        "左丘",
        "鲜于",
        "万俟",
    ]
)
_WEIGHT = {char: 1.0 - index / 700 for index, char in reversed(list(enumerate(SURNAMES)))}
_HAN = r"\u3400-\u9fff〇"
_HAN_NAME = re.compile(rf"[{_HAN}]{{2,4}}")
_DOTTED = re.compile(rf"[{_HAN}]{{1,8}}(?:[·•][{_HAN}]{{1,8}}){{1,3}}")
_LATIN = re.compile(r"[A-Za-z][A-Za-z.\- ]{1,24}")
#: Words that end an office or a group that signs like a person.
_OFFICE = re.compile(
    rf"[{_HAN}A-Za-z0-9]{{1,20}}(?:部|局|中心|委|办|办公室|联|科协|协会|室|厂|场|署|公司|集团|学校|学院|大学|中学|小学|幼儿园|社|站|院|处"
    r"|科|队|支队|大队|团|会|厅|馆|所|网|台|报|银行|医院|政府|政协|人大|村|镇|乡|街道|社区|分局|党校|工会|法庭"
    r"|景区|者|方|企业|单位|基地|人民视觉|视觉中国)"
)
_PEN_NAME = re.compile(rf"[{_HAN}]{{2,3}}宣")
#: Words of running text that never stand in a name.
_NOT_NAMES = frozenset(
    [
        "记者",
        "通讯员",
        "编辑",
        "作者",
        "同志",
        "摄影",
        "报道",
        "资料",
        "图片",
        "照片",
        "本报",
        "本刊",
        "新华社",
        "编者按",
        "特约",
        "综合",
        "来源",
        "题图",
        "制图",
        "视频",
        "供图",
        "今日",
        "新闻",
        "报道",
        "提供",
        "近日",
        "日前",
        "昨日",
        "上接",
        "下转",
        "详见",
        "导读",
        "要闻",
        "时评",
        "快讯",
        "简讯",
        "短讯",
        "公告",
        "通知",
        "启事",
        "更正",
        "声明",
        "摘要",
        "专版",
        "摄制",
        "广告",
        "头条",
        "完",
        "待续",
        "全文完",
        *("山东", "河南", "河北", "湖南", "湖北", "广东", "广西", "江苏", "江西", "浙江", "安徽"),
        *("云南", "海南", "陕西", "山西", "甘肃", "青海", "宁夏", "新疆", "西藏", "吉林", "辽宁"),
        *("贵州", "四川", "福建", "台湾", "香港", "澳门", "北京", "天津", "上海", "重庆", "中国"),
        "本文完",
        "未完",
        "简介",
        "无关",
        "截图",
        "通过",
        "合格",
        "完毕",
        "未经",
        "有关",
        "如下",
        "节选",
        "图文",
    ]
)
#: A dotted run with a newspaper in it is a house (中青报·中青网), no person.
_HOUSE = re.compile(r"(?:报|网|社|台|新闻|刊)(?:·|•|$)")
MAX_RUN = 24


def is_office(text: str) -> bool:
    """Return whether `text` reads as an office, a school or a group."""
    return bool(_OFFICE.fullmatch(text))


def is_pen_name(text: str) -> bool:
    """Return whether `text` is what an office signs with: 县纪宣, 江公宣."""
    return bool(_PEN_NAME.fullmatch(text))


def is_surname(text: str) -> bool:
    """Return whether a name that begins like `text` begins with a known surname."""
    return text[:2] in COMPOUND or text[:1] in _WEIGHT


def is_name(text: str, *, strict: bool = False) -> bool:
    """Return whether `text` can be one printed name; `strict` asks for a known surname too."""
    if text in _NOT_NAMES:
        return False
    if _DOTTED.fullmatch(text):
        return not _HOUSE.search(text)
    if not strict and _LATIN.fullmatch(text):
        return True
    if not _HAN_NAME.fullmatch(text):
        return False
    if len(text) == 4 and strict and text[:2] not in COMPOUND:
        return False
    return is_surname(text) or not strict


def split_names(run: str) -> list[str] | None:
    """Return the names in a run of characters without separators, or None where none can be.

    One name where it can be one, an office whole; else the likeliest parting by surnames.
    """
    if not run or len(run) > MAX_RUN:
        return None
    if len(run) <= 3 or (run[:2] in COMPOUND and len(run) == 4):
        return [run] if is_name(run) else None
    if (
        (_DOTTED.fullmatch(run) and not _HOUSE.search(run))
        or _LATIN.fullmatch(run)
        or is_office(run)
    ):
        return [run]
    parts = _best_parting(run)
    if parts:
        return list(parts)
    return [run] if is_name(run) else None


def _best_parting(run: str) -> tuple[str, ...] | None:
    score, parts = _parting(run)
    return parts if score > float("-inf") else None


@lru_cache(maxsize=4096)
def _parting(run: str) -> tuple[float, tuple[str, ...]]:
    """Return the score and the parts of the best parting of `run` into names."""
    if not run:
        return 0.0, ()
    best: tuple[float, tuple[str, ...]] = (float("-inf"), ())
    for size in (2, 3, 4):
        name = run[:size]
        if len(name) < size or not _HAN_NAME.fullmatch(name):
            continue
        score = _score(name)
        rest, names = _parting(run[size:])
        if score + rest > best[0]:
            best = (score + rest, (name, *names))
    return best


def _score(name: str) -> float:
    """Return how much `name` is like one: known surname, three characters oftener than two."""
    compound = name[:2] in COMPOUND
    if len(name) == 4:
        return 1.2 if compound else float("-inf")
    if not compound and name[0] not in _WEIGHT:
        return float("-inf")
    # Two short names for six characters would beat two long ones: each name costs something.
    weight = 1.0 if compound else _WEIGHT[name[0]]
    return weight - 1.3 + (0.35 if len(name) == 3 else 0.0)
