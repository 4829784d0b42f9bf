"""Fill the sort keys of contributors; an application's code is not imported, for it will change."""

import re
import unicodedata

from django.db import migrations
from pypinyin import Style, lazy_pinyin

HAN = re.compile(
    "[\u2e80-\u2fd5\u3005\u3007\u3021-\u3029\u3038-\u303b\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff]"
)


def characters_of(text):
    folded = unicodedata.normalize("NFKC", text[:80]).casefold()
    return [
        one
        for one in folded
        if unicodedata.category(one)[0] in "LN"
        or unicodedata.category(one) == "Co"
        or HAN.match(one)
    ][:20]


def readings_of(text):
    found = lazy_pinyin(text, style=Style.TONE3, neutral_tone_with_five=True, errors=list)
    return list(found) if len(found) == len(text) else list(text)


def part(character, reading):
    code = f"{ord(character):05x}"[-5:]
    if reading[:-1].isascii() and reading[:-1].isalpha() and reading[-1].isdigit():
        return f"{reading[:-1]:0<6}{reading[-1]}{code}"
    if HAN.match(character) or unicodedata.category(character) == "Co":
        return f"zzzzzz9{code}"
    return f"0{code}"


#: Readings as surnames, where they differ from the usual one.
_SURNAME_READINGS = (
    "单shan4 曾zeng1 解xie4 仇qiu2 区ou1 查zha1 任ren2 华hua4 朴piao2 盖ge3 缪miao4"
    " 翟zhai2 覃qin2 乐yue4 葛ge3 员yun4 召shao4 秘bi4 黑he4 折she2 种chong2 重chong2"
    " 能nai4 祭zhai4 哈ha3 那na1 句gou1 都du1 隗wei3 撒sa3 过guo1 洗xian3 令ling2 燕yan1"
    " 要yao1 相xiang4 适kuo4 繁po2 乜nie4 佴nai4 占zhan1 薄bo2"
)
_SURNAMES = {pair[0]: pair[1:] for pair in _SURNAME_READINGS.split()}
#: Readings of surnames of two characters, where they differ from the usual ones.
_COMPOUND = {
    "尉迟": ("yu4", "chi2"),
    "万俟": ("mo4", "qi2"),
    "长孙": ("zhang3", "sun1"),
    "单于": ("chan2", "yu2"),
    "澹台": ("tan2", "tai2"),
    "令狐": ("ling2", "hu2"),
    "鲜于": ("xian1", "yu2"),
    "夏侯": ("xia4", "hou2"),
    "乐正": ("yue4", "zheng4"),
    "亓官": ("qi2", "guan1"),
    "拓跋": ("tuo4", "ba2"),
}
#: Beginnings of names of other languages, whose first character is no surname (查干巴雅尔).
_TRANSCRIBED = frozenset({"查干", "查尔", "查理", "单增", "单巴", "华莱", "华尔", "哈斯", "哈尔"})


def key_of(name):
    """The key as textkit.pinyin makes it at the time of this migration."""
    characters = characters_of(name)
    readings = readings_of("".join(characters))
    if len(characters) <= 4 and "·" not in name:
        start = "".join(characters[:2])
        if start in _COMPOUND:
            readings[:2] = _COMPOUND[start]
        elif start[:1] in _SURNAMES and start not in _TRANSCRIBED:
            readings[0] = _SURNAMES[start[:1]]
            readings[1:] = readings_of("".join(characters[1:]))
    return "".join(map(part, characters, readings))


def fill(apps, schema_editor):
    rows = apps.get_model("bylines", "Contributor").objects.using(schema_editor.connection.alias)
    batch = []
    for row in rows.only("pk", "name").order_by("pk").iterator(500):
        row.sort_key = key_of(row.name)
        batch.append(row)
        if len(batch) == 500:
            rows.bulk_update(batch, ["sort_key"])
            batch = []
    rows.bulk_update(batch, ["sort_key"])


class Migration(migrations.Migration):
    dependencies = [("bylines", "0002_sort_key")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
