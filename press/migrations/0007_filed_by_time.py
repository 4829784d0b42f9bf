"""Rows that file a story under a town, a tag or a contributor bear its release; the press's mark.

The tables of towns and tags stay what they are: only their models get a name.
"""

import django.db.models.deletion
from django.db import migrations, models

FILED = {
    "storytown": "press_story_towns",
    "storytag": "press_story_tags",
    "storycontributor": "press_storycontributor",
}


def fill(apps, schema_editor):
    for table in FILED.values():
        schema_editor.execute(
            f"UPDATE {table} SET release_at ="  # noqa: S608
            f" (SELECT release_at FROM press_story WHERE press_story.id = {table}.story_id)"
        )


def named(model, thing, to):
    """The state of a table that Django made for a many-to-many field."""
    return migrations.CreateModel(
        name=model,
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            (
                "story",
                models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="press.story"),
            ),
            (thing, models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=to)),
        ],
        options={"db_table": FILED[model.lower()], "unique_together": {("story", thing)}},
    )


def through(field, model, to, name):
    return migrations.AlterField(
        model_name="story",
        name=field,
        field=models.ManyToManyField(
            blank=True, related_name="stories", through=f"press.{model}", to=to, verbose_name=name
        ),
    )


class Migration(migrations.Migration):
    dependencies = [
        ("press", "0006_digital_paper"),
        ("paper", "0003_logo_checks"),
        ("bylines", "0001_initial"),
        ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx"),
    ]

    operations = [
        migrations.CreateModel(
            name="Change",
            fields=[
                ("xact", models.BigIntegerField(primary_key=True, serialize=False)),
                ("mark", models.CharField(max_length=36)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                named("StoryTown", "town", "paper.town"),
                named("StoryTag", "tag", "taggit.tag"),
                through("towns", "StoryTown", "paper.town", "towns"),
                through("tags", "StoryTag", "taggit.tag", "tags"),
            ]
        ),
        *(
            migrations.AddField(name, "release_at", models.DateTimeField(null=True))
            for name in FILED
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        *(migrations.AlterField(name, "release_at", models.DateTimeField()) for name in FILED),
        migrations.AddIndex(
            model_name="storycontributor",
            index=models.Index(
                fields=["contributor", "-release_at", "-story"], name="story_contributor_newest"
            ),
        ),
        migrations.AddIndex(
            model_name="storytag",
            index=models.Index(fields=["tag", "-release_at", "-story"], name="story_tag_newest"),
        ),
        migrations.AddIndex(
            model_name="storytown",
            index=models.Index(fields=["town", "-release_at", "-story"], name="story_town_newest"),
        ),
    ]
