"""The reasons and the genres that a county paper begins with."""

from django.db import migrations

PHRASES = {
    "return": [
        "请核实稿件中的人名、职务和单位名称。",
        "请核实数据，注明来源和截止时间。",
        "缺少现场细节，请补充一个具体的人或场景。",
        "导语太长，请把最要紧的事实放在第一句。",
        "时间、地点交代不清，请补充。",
        "篇幅过长，请压缩到 600 字以内。",
        "请补配图片，写明图片说明和摄影者。",
        "总结材料口吻过重，请改成新闻写法。",
    ],
    "spike": [
        "与本报已刊发的稿件重复。",
        "时效已过，不再适合刊发。",
        "不属于本报报道范围。",
        "新闻性不足，建议留作线索。",
    ],
}


def add_phrases(apps, schema_editor):
    phrase = apps.get_model("articles", "ReasonPhrase")
    phrase.objects.bulk_create(
        phrase(transition=transition, text=text, order=order)
        for transition, texts in PHRASES.items()
        for order, text in enumerate(texts, start=1)
    )


def remove_phrases(apps, schema_editor):
    phrase = apps.get_model("articles", "ReasonPhrase")
    for transition, texts in PHRASES.items():
        phrase.objects.filter(transition=transition, text__in=texts).delete()


#: The genres of a county paper, in the order of its pages; the paper edits the list.
GENRES = [
    "消息",
    "简讯",
    "通讯",
    "特写",
    "评论",
    "图片新闻",
    "组照",
    "公告",
    "副刊",
    "诗歌",
]


def add_genres(apps, schema_editor):
    genre = apps.get_model("articles", "Genre")
    genre.objects.bulk_create(
        genre(name=name, order=order) for order, name in enumerate(GENRES, start=1)
    )


def remove_genres(apps, schema_editor):
    apps.get_model("articles", "Genre").objects.filter(name__in=GENRES).delete()


class Migration(migrations.Migration):
    dependencies = [("articles", "0001_v02")]

    operations = [
        migrations.RunPython(add_phrases, remove_phrases),
        migrations.RunPython(add_genres, remove_genres),
    ]
