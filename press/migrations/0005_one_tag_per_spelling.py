"""Put the sort keys of tags beside their keys, and mark the first of the spellings of each tag.

Spellings that were created at one moment became two tags: the later one becomes an alias.
"""

from django.db import migrations, models
from django.db.models import Min, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone


def fill(apps, schema_editor):
    using = schema_editor.connection.alias
    keys = apps.get_model("press", "TagKey").objects.using(using)
    sort_keys = apps.get_model("press", "TagSortKey").objects.using(using)
    own = sort_keys.filter(tag=OuterRef("tag")).values("key")[:1]
    keys.update(sort_key=Coalesce(Subquery(own), Value("")))
    first = keys.order_by().values("key").annotate(first=Min("tag")).values_list("first", flat=True)
    keys.filter(tag__in=list(first)).update(is_first=True)
    merge(apps, using)


def restore(apps, schema_editor):
    using = schema_editor.connection.alias
    rows = apps.get_model("press", "TagKey").objects.using(using).values_list("tag", "sort_key")
    sort_keys = apps.get_model("press", "TagSortKey")
    sort_keys.objects.using(using).bulk_create(
        [sort_keys(tag_id=pk, key=key) for pk, key in rows], batch_size=500
    )


def merge(apps, using):
    keys = apps.get_model("press", "TagKey").objects.using(using)
    aliases = apps.get_model("press", "TagAlias").objects.using(using)
    target = dict(aliases.values_list("tag", "target"))
    first = dict(keys.filter(is_first=True).values_list("key", "tag"))
    for pk, key in keys.filter(is_first=False).order_by("tag").values_list("tag", "key"):
        root = target.get(first[key], first[key])
        if pk not in target and pk != root:
            aliases.filter(target=pk).update(target=root)
            aliases.create(tag_id=pk, target_id=root, at=timezone.now())
            target |= {one: root for one, to in target.items() if to == pk} | {pk: root}


def check_now(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [("press", "0004_fill_tag_sort_key")]

    operations = [
        migrations.AddField("tagkey", "is_first", models.BooleanField(default=False)),
        migrations.AddField(
            "tagkey",
            "sort_key",
            models.CharField(db_index=True, default="", max_length=240),
            preserve_default=False,
        ),
        migrations.RunPython(fill, restore),
        # PostgreSQL creates no index while checks of foreign keys are pending.
        migrations.RunPython(check_now, migrations.RunPython.noop),
    ]
