"""Indexes for the desk's lists, and the full-text row of each article that there is."""

from collections import defaultdict

from django.conf import settings
from django.db import migrations, models

from articles.services.indexing import BATCH, DESK, document

FIELDS = ("kicker", "headline", "subhead", "dateline", "unit", "body")


def fill(apps, schema_editor):
    alias = schema_editor.connection.alias
    articles = apps.get_model("articles", "Article").objects.using(alias)
    tagged = apps.get_model("taggit", "TaggedItem").objects.using(alias)
    tagged = tagged.filter(content_type__app_label="articles", content_type__model="article")
    keys = list(articles.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        chosen = keys[start : start + BATCH]
        tags = defaultdict(list)
        for key, name in tagged.filter(object_id__in=chosen).values_list("object_id", "tag__name"):
            tags[key].append(name)
        rows = articles.filter(pk__in=chosen).values("pk", *FIELDS)
        texts = [(row.pop("pk"), row) for row in rows]
        DESK.put([document(key, **row, tags=tags[key]) for key, row in texts], using=alias)


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0007_never_lost"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("search", "0001_desk"),
        ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(model_name="article", name="article_state_changed"),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                fields=[
                    "-updated_at",
                    "-id",
                    "state",
                    "section",
                    "created_by",
                    "taken_by",
                    "taken_at",
                    "story",
                    "submitted_at",
                ],
                name="article_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(fields=["state", "-updated_at", "-id"], name="article_state_newest"),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
