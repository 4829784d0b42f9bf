"""Give each tag its key, and merge the tags that are only spellings of one another.

Of several spellings the one that is used most becomes the tag, the oldest among equals; the others
become its former names, so that their addresses redirect. No tag, article or story is rewritten.
Going back removes the keys; the merged tags can be separated by hand.
"""

import re
import unicodedata
from collections import Counter, defaultdict

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Count
from django.utils import timezone

UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff0-\ufffc\ufffe\uffff\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


def key_of(name):
    """Return the key as version 0.3 computes it, but for rare radicals and private characters."""
    text = unicodedata.normalize("NFKC", UNSEEN.sub("", name)).casefold()
    return " ".join(unicodedata.normalize("NFKC", text).split())[:200]


def write_keys(apps, schema_editor):
    tag, key = apps.get_model("taggit", "Tag"), apps.get_model("press", "TagKey")
    names = dict(tag.objects.order_by("pk").values_list("pk", "name"))
    key.objects.bulk_create(
        [key(tag_id=pk, key=key_of(name)) for pk, name in names.items()], batch_size=500
    )


def merge_spellings(apps, schema_editor):
    keys = apps.get_model("press", "TagKey").objects.order_by("pk").values_list("pk", "key")
    aliases = apps.get_model("press", "TagAlias").objects
    target = dict(aliases.values_list("tag", "target"))
    uses = Counter()
    for model in (apps.get_model("press", "StoryTag"), apps.get_model("taggit", "TaggedItem")):
        for pk, n in model.objects.order_by().values_list("tag").annotate(n=Count("pk")):
            uses[target.get(pk, pk)] += n
    spellings = defaultdict(list)
    for pk, key in keys:
        spellings[key].append(pk)
    for pks in spellings.values():
        roots = sorted({target.get(pk, pk) for pk in pks})
        if len(roots) < 2:
            continue
        best = max(roots, key=lambda pk: (uses[pk], -pk))
        for other in set(roots) - {best}:
            aliases.filter(target=other).update(target=best)
            aliases.create(tag_id=other, target_id=best, at=timezone.now())
            uses[best] += uses.pop(other, 0)
            target |= {pk: best for pk, to in target.items() if to == other} | {other: best}


class Migration(migrations.Migration):
    dependencies = [
        ("press", "0001_v02"),
        ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx"),
    ]

    operations = [
        migrations.CreateModel(
            name="TagKey",
            fields=[
                (
                    "tag",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="key",
                        serialize=False,
                        to="taggit.tag",
                    ),
                ),
                ("key", models.CharField(db_index=True, max_length=200)),
            ],
        ),
        migrations.RunPython(write_keys, migrations.RunPython.noop),
        migrations.RunPython(merge_spellings, migrations.RunPython.noop),
    ]
