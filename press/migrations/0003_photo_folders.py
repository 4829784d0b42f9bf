import re

from django.db import migrations, models

from photos.picture import figure, row_of

_OLD = re.compile(r'<figure class="photo"><img src="(/photos/\w+)\.webp".*?</figure>', re.DOTALL)


class _Shown:
    """What `row_of` asks of a photo."""

    def __init__(self, photo):
        self.width, self.height = photo.width, photo.height
        self.widths, self.crops = photo.widths, photo.crops


def show_renditions(apps, schema_editor):
    """Let printed stories name the renditions of their photos, in the list and in the text."""
    prints = apps.get_model("press", "StoryPhoto").objects.select_related("photo", "story")
    for one in prints.order_by("story_id", "order"):
        photo, story = one.photo, one.story
        one.folder = f"renditions/{photo.token[:2]}/{photo.token}/1"
        one.save(update_fields=["folder"])
        base = f"/photos/{one.token}"
        story = type(story).objects.get(pk=story.pk)
        rows = [_row(row, photo, base) for row in story.photo_list]
        words = {row["url"]: row for row in rows}

        def show(found, words=words, whole=photo, base=base):
            if found[1] != base:
                return found[0]
            row = words[base]
            return figure(row_of(_Shown(whole), base), row["caption"], row["credit"])

        story.photo_list, story.body = rows, _OLD.sub(show, story.body)
        story.save(update_fields=["photo_list", "body"])


def _row(row, photo, base):
    if row["url"] != f"{base}.webp":
        return row
    return {**row, **row_of(_Shown(photo), base), "alt": row["caption"]}


class Migration(migrations.Migration):
    dependencies = [("photos", "0002_renditions"), ("press", "0002_correction")]

    operations = [
        migrations.RenameField("storyphoto", "path", "folder"),
        migrations.AlterField(
            "storyphoto",
            "folder",
            models.CharField(help_text="its renditions in the storage", max_length=200),
        ),
        migrations.AlterField(
            "story",
            "photo_list",
            models.JSONField(
                default=list,
                help_text="[{url, width, height, widths, crops, caption, credit, alt, placed}]",
            ),
        ),
        migrations.RunPython(show_renditions, migrations.RunPython.noop, elidable=True),
    ]
