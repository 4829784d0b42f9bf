"""The reasons that a county paper's readers give most often, to begin with."""

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


def add(apps, schema_editor):
    phrase = apps.get_model("articles", "ReasonPhrase")
    phrase.objects.bulk_create(
        phrase(move=move, text=text, order=order)
        for move, texts in PHRASES.items()
        for order, text in enumerate(texts, start=1)
    )


class Migration(migrations.Migration):
    dependencies = [("articles", "0008_desk_search")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
