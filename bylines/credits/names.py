"""Recognition of single names in credit lines: of people, offices, groups."""

from __future__ import annotations

import re

from textkit.han import HAN, PRIVATE_USE

from ..names import tidy_dots

#: Single-character surnames, most common first; the order determines the weight.
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁"
    "任沈傅姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴"
    "莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅"
    "童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简"
    "车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄"
    "丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区"
    "郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都普阙浦戈伏鹿薄邸雍"
    "辜羊阿乌母裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕危玉银亢嵇公哈湛宾戎勾茅利於呼居揭干但尉冶斯元束檀衣"
    "水昌凤酆常贝经贲洪诸钮滑荀家羿汲邴糜松弓牧隗山宓蓬郗仰秋暴钭韶蓟怀鄂咸籍赖能苍双莘贡逄扶堵宰郦璩濮寿"
    "通郏别充习宦鱼慎庾终暨步弘广禄东"
    "信展阴昝智幸奉植衡富尧闭由历代植俱才后侍阎萧戴盘句矫芶殳厍蔚夔訾毋乜巢蒯竺桓郇呙仉缑"
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
        *("耶律", "纳兰", "贺兰", "宗政", "闾丘", "亓官", "仲孙", "颛孙", "梁丘", "公羊", "公良"),
        *(
            "公西",
            "漆雕",
            "乐正",
            "壤驷",
            "拓拔",
            "夹谷",
            "谷梁",
            "羊舌",
            "司寇",
            "太叔",
            "巫马",
            "段干",
        ),
    ]
)
_WEIGHT = {char: 1.0 - index / 700 for index, char in reversed(list(enumerate(SURNAMES)))}
#: Maximum length of a name without dots; offices are longer.
MAX_NAME = 12
#: Characters of a name; old fonts print rare ones as private use characters.
_HAN = HAN + PRIVATE_USE
_HAN_NAME = re.compile(rf"[{_HAN}]{{2,4}}")
_LONG_NAME = re.compile(rf"[{_HAN}]{{4,{MAX_NAME}}}")
#: Parts of a dotted name are Han, or the initials and words of a foreign name (J·K·罗琳).
_PART = rf"(?:[{_HAN}]{{1,8}}(?:[-‐－][{_HAN}]{{1,8}})?|[A-Za-z]{{1,12}}\.?)"
_DOTTED = re.compile(rf"{_PART}(?:·{_PART}){{1,4}}|(?:[A-Z][.．]){{1,3}}[{_HAN}]{{2,8}}")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ.'’\- ]{1,38}")
#: Characters that transcribe names of other languages (才仁卓玛, 额尔德木图), and hardly occur in
#: Chinese given names.
_TRANSCRIBING = frozenset(
    "阿艾买提吐逊古依布拉尔努热合曼肉孜木沙迪尼亚库瓦哈斯甫萨塔赛克别肯巴特伊卡帕汗娜麦吾穆罕默奥达再都柯荷娅扎西次让旦"
    "增吉姆格桑索朗措边玛堆曲甲仓顿群培嘉确额图那勒其娃琴乌云托雅呼毕敖登拔旺贡顶仍尕则嘎呷惹嫫姑沃不拜坦力"
)
#: Places whose names are transcribed like people's.
_PLACES = re.compile(
    r"\S*(?:斯坦|利亚|西亚|尼亚|比亚|郭勒)|乌鲁木齐|呼和浩特|齐齐哈尔|日喀则|阿克苏|克拉玛依|鄂尔多斯|巴彦淖尔|乌兰察布|呼伦贝尔"
    r"|乌兰浩特|乌兰巴托|克孜勒苏|巴音郭楞|博尔塔拉|塔什库尔干|迪庆|甘孜|阿拉善|阿里|海拉尔|锡林浩特|沙特阿拉伯|斯里兰卡|巴拿马|古巴"
    r"|布达拉|香格里拉|喜马拉雅|奥林匹克|马德里|巴塞罗那|布达佩斯|布加勒斯特|阿姆斯特丹|莫桑比克|亚马孙|亚马逊"
)
#: Characters that do both.
_OFTEN_TRANSCRIBING = frozenset(
    "才仁卓多央金珠珍美玉丽江青白平德强普仙马高花史石火各且洛伍比日色丹益俄杰宗晋久根敦和宝音满朝鲁来代道包恩思奇泰加里"
    "米兰诺如凯坚参洋南太先本梅山生胡苏叶孟陶夏罗"
)
#: Names of offices and groups that sign like a person, by their endings.
_OFFICE = re.compile(
    rf"[{_HAN}A-Za-z0-9]{{1,20}}(?:部|局|中心|委|办|办公室|联|科协|协会|室|厂|场|署|公司|集团|学校|学院|大学|中学|小学|幼儿园|社|站|院|处"
    r"|科|队|支队|大队|团|会|厅|馆|所|网|台|报|银行|医院|政府|政协|人大|村|镇|乡|街道|社区|分局|党校|工会|法庭"
    r"|景区|者|方|企业|单位|基地|人民视觉|视觉中国)"
)
_TRANSCRIBED = 0.65
_PEN_NAME = re.compile(rf"[{_HAN}]{{2,3}}宣")
#: Words of running text that are never a name.
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
#: A dotted run that contains a newspaper is a news house (中青报·中青网), not a person.
_HOUSE = re.compile(r"(?:报|网|社|台|新闻|刊)(?:·|$)")


def is_office(text: str) -> bool:
    """Return whether `text` has the form of an office, a school or a group."""
    return bool(_OFFICE.fullmatch(text))


def is_pen_name(text: str) -> bool:
    """Return whether `text` is the pen name of an office, such as 县纪宣 or 江公宣."""
    return bool(_PEN_NAME.fullmatch(text))


def is_surname(text: str) -> bool:
    """Return whether `text` begins with a known surname."""
    return text[:2] in COMPOUND or text[:1] in _WEIGHT


def is_name(text: str, *, strict: bool = False) -> bool:
    """Return whether `text` can be one printed name; `strict` requires a known surname."""
    if text in _NOT_NAMES:
        return False
    if has_dots(text):
        return True
    if not strict and _LATIN.fullmatch(text):
        return True
    if len(text) > 3 and is_transcribed(text):
        return True
    if not _HAN_NAME.fullmatch(text):
        return False
    if len(text) == 4 and strict and text[:2] not in COMPOUND:
        return False
    return is_surname(text) or not strict


def is_whole(text: str) -> bool:
    """Return whether `text` has the form of one name that is not parted: dotted or Latin."""
    return has_dots(text) or bool(_LATIN.fullmatch(text))


def has_dots(text: str) -> bool:
    """Return whether `text` is a name in parts with dots (买买提·艾力), no pair of news houses."""
    tidied = tidy_dots(text)
    return bool(_DOTTED.fullmatch(tidied)) and not _HOUSE.search(tidied)


def is_long_name(text: str) -> bool:
    """Return whether `text` can be a name of four or more characters, of any origin."""
    return bool(_LONG_NAME.fullmatch(text)) and text not in _NOT_NAMES


def is_transcribed(text: str) -> bool:
    """Return whether `text` is, by its characters, a name of another language without dots."""
    is_likely = is_long_name(text) and transcription(text) >= _TRANSCRIBED
    return is_likely and not is_place(text)


def is_place(text: str) -> bool:
    """Return whether `text` is a place whose name looks like a person's (乌鲁木齐)."""
    return bool(_PLACES.fullmatch(text))


def transcription(text: str) -> float:
    """Return from 0 to 1 how much `text` consists of characters that transcribe other languages."""
    strong = sum(char in _TRANSCRIBING for char in text)
    weak = sum(char in _OFTEN_TRANSCRIBING for char in text)
    return (strong + 0.6 * weak) / len(text)


def surname_weight(name: str) -> float | None:
    """Return how common the surname of `name` is, at most 1; None without a known surname."""
    return 1.0 if name[:2] in COMPOUND else _WEIGHT.get(name[:1])
