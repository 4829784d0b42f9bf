"""Fill the sort keys of tags; an application's code is not imported, for it will change."""

import re
import unicodedata
from itertools import islice

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


def key_of(text):
    """The key as textkit.pinyin makes it at the time of this migration."""
    characters = characters_of(text)
    return "".join(map(part, characters, readings_of("".join(characters))))


def fill(apps, schema_editor):
    using = schema_editor.connection.alias
    tags = apps.get_model("taggit", "Tag").objects.using(using).order_by("pk")
    keys = apps.get_model("press", "TagSortKey")
    rows = (keys(tag_id=tag.pk, key=key_of(tag.name)) for tag in tags.iterator(500))
    while batch := list(islice(rows, 500)):
        keys.objects.using(using).bulk_create(batch)


class Migration(migrations.Migration):
    dependencies = [("press", "0003_tag_sort_key")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
