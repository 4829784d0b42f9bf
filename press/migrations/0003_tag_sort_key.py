import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("press", "0002_tag_keys"),
        ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx"),
    ]

    operations = [
        migrations.CreateModel(
            name="TagSortKey",
            fields=[
                (
                    "tag",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="sort_key",
                        serialize=False,
                        to="taggit.tag",
                        verbose_name="tag",
                    ),
                ),
                ("key", models.CharField(db_index=True, max_length=240, verbose_name="sort key")),
            ],
            options={
                "verbose_name": "sort key of a tag",
                "verbose_name_plural": "sort keys of tags",
            },
        ),
    ]
