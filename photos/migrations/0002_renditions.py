import tempfile
from pathlib import Path

import django.core.validators
from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import migrations, models

import photos.models
from photos import process


def make_renditions(apps, schema_editor):
    """Make of each stored original what pages show now."""
    for photo in apps.get_model("photos", "Photo").objects.iterator(chunk_size=50):
        with tempfile.TemporaryDirectory(prefix="photo-") as name:
            source, folder = Path(name) / "sent", Path(name) / "made"
            folder.mkdir()
            with default_storage.open(str(photo.file.name), "rb") as stream:
                source.write_bytes(stream.read())
            made = process.make(source, folder, is_ours=True)
            for path in folder.iterdir():
                with path.open("rb") as stream:
                    target = f"renditions/{photo.token[:2]}/{photo.token}/1/{path.name}"
                    default_storage.save(target, File(stream))
        photo.widths, photo.crops, photo.fingerprint = made.widths, made.crops, made.fingerprint
        photo.save(update_fields=["widths", "crops", "fingerprint"])
        if photo.rendition:
            default_storage.delete(photo.rendition.name)


def percent(default):
    return models.PositiveSmallIntegerField(
        default=default, validators=[django.core.validators.MaxValueValidator(100)]
    )


class Migration(migrations.Migration):
    dependencies = [
        ("bylines", "0001_initial"),
        ("photos", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            "photo",
            "file",
            models.FileField(upload_to=photos.models.original_path, verbose_name="file"),
        ),
        migrations.AlterField(
            "photo",
            "uploaded_at",
            models.DateTimeField(db_index=True, verbose_name="uploaded at"),
        ),
        migrations.AddField(
            "photo", "version", models.PositiveIntegerField(default=1, editable=False)
        ),
        migrations.AddField(
            "photo",
            "widths",
            models.JSONField(default=list, editable=False, help_text="of the whole picture"),
        ),
        migrations.AddField(
            "photo",
            "crops",
            models.JSONField(default=list, editable=False, help_text="widths of the 3:2 crop"),
        ),
        migrations.AddField("photo", "focus_x", percent(50)),
        migrations.AddField("photo", "focus_y", percent(50)),
        migrations.AddField(
            "photo",
            "fingerprint",
            models.BigIntegerField(
                editable=False,
                help_text="difference hash, to find the same photo again",
                null=True,
            ),
        ),
        migrations.AddField(
            "photo",
            "upload_key",
            models.CharField(
                blank=True,
                default="",
                editable=False,
                help_text="names one sending of one file",
                max_length=36,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "photo",
            "rights",
            models.CharField(blank=True, default="", max_length=120, verbose_name="rights"),
            preserve_default=False,
        ),
        migrations.AddField(
            "photo",
            "source",
            models.CharField(blank=True, default="", max_length=60, verbose_name="source"),
            preserve_default=False,
        ),
        migrations.AddField(
            "photo",
            "taken_at",
            models.DateTimeField(blank=True, null=True, verbose_name="taken at"),
        ),
        migrations.AddConstraint(
            "photo",
            models.UniqueConstraint(
                condition=models.Q(("upload_key", ""), _negated=True),
                fields=("uploaded_by", "upload_key"),
                name="photo_sent_once",
            ),
        ),
        migrations.RunPython(make_renditions, migrations.RunPython.noop, elidable=True),
        migrations.RemoveField("photo", "rendition"),
        migrations.RemoveField("photo", "rendition_width"),
        migrations.RemoveField("photo", "rendition_height"),
    ]
