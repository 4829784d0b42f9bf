"""People and places of the demo paper, all of them invented."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from paper.permissions import Role

PAPER = {
    "name": "云溪日报",
    "motto": "云起溪头 笔写乡里",
    "publisher": "云溪县融媒体中心（演示）",
    "dateline": "云溪讯",
    "cn_number": "CN00-0000（演示）",
    "licence_number": "00000000000（演示）",
    "icp_number": "演示ICP备00000000号",
    "hotline": "0000-0000000",
    "about": "《云溪日报》是云溪县的县级报纸，每天四版，报道全县十二个镇街的大事小情。\n\n"
    "稿件由各镇街的通讯员和本报记者采写，经初审、复审、终审后见报。欢迎来稿、来电。",
    "address": "云溪县城关街道演示路1号",
    "phone": "0000-0000001",
    "email": "news@paper.example",
}
#: Name, English name, slug.
SECTIONS = [
    ("要闻", "News", "news"),
    ("民生", "Life", "life"),
    ("镇街", "Towns", "towns"),
    ("三农", "Countryside", "countryside"),
    ("教育", "Education", "education"),
    ("文化", "Culture", "culture"),
    ("副刊", "Literature", "literature"),
    ("图片新闻", "In pictures", "pictures"),
]
#: Name, short name, slug, column and row on the map.
TOWNS = [
    ("城关街道", "城关", "chengguan", 4, 3),
    ("东门街道", "东门", "dongmen", 5, 3),
    ("石桥镇", "石桥", "shiqiao", 3, 2),
    ("茶坪镇", "茶坪", "chaping", 2, 1),
    ("柳湾镇", "柳湾", "liuwan", 5, 2),
    ("白沙镇", "白沙", "baisha", 6, 3),
    ("双河镇", "双河", "shuanghe", 4, 4),
    ("古渡镇", "古渡", "gudu", 6, 4),
    ("竹园乡", "竹园", "zhuyuan", 3, 4),
    ("松岭乡", "松岭", "songling", 2, 2),
    ("梅坑乡", "梅坑", "meikeng", 3, 1),
    ("大坝乡", "大坝", "daba", 2, 3),
]
#: The 20 correspondents by name, each with a town ("" for an office of the county).
CORRESPONDENTS = {
    "罗春生": "白沙镇",
    "何映雪": "石桥镇",
    "谭开平": "东门街道",
    "杜若兰": "城关街道",
    "贺长青": "茶坪镇",
    "尹小满": "梅坑乡",
    "龚大海": "双河镇",
    "梁思田": "",
    "蒋月明": "",
    "邹文涛": "城关街道",
    "彭秋实": "竹园乡",
    "邓南枝": "松岭乡",
    "严书田": "大坝乡",
    "范青禾": "古渡镇",
    "章亦然": "古渡镇",
    "石小桥": "柳湾镇",
    "戴松年": "大坝乡",
    "曾丽水": "柳湾镇",
    "卢向东": "",
    "叶知秋": "",
}


@dataclass(frozen=True, slots=True)
class Login:
    """One login of the demo: user name, role, family and given name, town of an office."""

    username: str
    role: Role
    last_name: str
    first_name: str
    town: str = ""

    @property
    def name(self) -> str:
        """Return the name in Chinese order."""
        return self.last_name + self.first_name


#: Eight of the staff, two of the correspondents, and the office of a town.
LOGINS = [
    Login("chief", Role.CHIEF, "程", "远山"),
    Login("head", Role.HEAD, "顾", "明川"),
    Login("editor", Role.EDITOR, "周", "以宁"),
    Login("reporter", Role.REPORTER, "沈", "知远"),
    Login("reporter2", Role.REPORTER, "陆", "小禾"),
    Login("proofreader", Role.PROOFREADER, "简", "宁之"),
    Login("layout", Role.LAYOUT, "裴", "方圆"),
    Login("admin", Role.ADMINISTRATOR, "温", "如初"),
    Login("correspondent", Role.CORRESPONDENT, "罗", "春生"),
    Login("correspondent2", Role.CORRESPONDENT, "何", "映雪"),
    Login("office", Role.OFFICE, "钟", "知夏", "白沙镇"),
]
#: Shared by all logins: the demo listens on this machine only.
PASSWORD = settings.DEMO_PASSWORD
PAGE_NAMES = ("要闻", "民生", "镇街", "副刊")
FIRST_NUMBER = 3018
#: Tag of a demo text by a word that the text contains.
TAGS = {
    "水闸": "水利",
    "冬修": "水利",
    "药箱": "乡村医生",
    "夜校": "文化站",
    "展馆": "文化站",
    "图书": "文化站",
    "脐橙": "脐橙",
    "公交": "出行",
    "停车": "出行",
    "油菜": "农事",
    "气象": "农事",
    "老人": "老年人",
}
