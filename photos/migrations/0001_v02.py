import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import photos.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "__first__"),
        ("bylines", "0001_v02"),
    ]

    operations = [
        migrations.CreateModel(
            name="Photo",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "file",
                    models.FileField(upload_to=photos.models.original_path, verbose_name="file"),
                ),
                ("token", models.CharField(editable=False, max_length=32, unique=True)),
                ("extension", models.CharField(editable=False, max_length=5)),
                ("width", models.PositiveIntegerField(editable=False)),
                ("height", models.PositiveIntegerField(editable=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "widths",
                    models.JSONField(
                        default=list, editable=False, help_text="of the whole picture"
                    ),
                ),
                (
                    "crops",
                    models.JSONField(
                        default=list, editable=False, help_text="widths of the 3:2 crop"
                    ),
                ),
                (
                    "focus_x",
                    models.PositiveSmallIntegerField(
                        default=50, validators=[django.core.validators.MaxValueValidator(100)]
                    ),
                ),
                (
                    "focus_y",
                    models.PositiveSmallIntegerField(
                        default=50, validators=[django.core.validators.MaxValueValidator(100)]
                    ),
                ),
                (
                    "fingerprint",
                    models.BigIntegerField(
                        editable=False,
                        help_text="difference hash, to find the same photo again",
                        null=True,
                    ),
                ),
                (
                    "upload_key",
                    models.CharField(
                        blank=True,
                        editable=False,
                        help_text="names one sending of one file",
                        max_length=36,
                    ),
                ),
                ("caption", models.CharField(blank=True, max_length=300, verbose_name="caption")),
                ("rights", models.CharField(blank=True, max_length=120, verbose_name="rights")),
                ("source", models.CharField(blank=True, max_length=60, verbose_name="source")),
                ("taken_at", models.DateTimeField(blank=True, null=True, verbose_name="taken at")),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photos",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="uploaded by",
                    ),
                ),
                ("uploaded_at", models.DateTimeField(db_index=True, verbose_name="uploaded at")),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="whether the library offers it for further articles",
                        verbose_name="in use",
                    ),
                ),
            ],
            options={
                "verbose_name": "photo",
                "verbose_name_plural": "photos",
                "ordering": ["-uploaded_at", "-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("upload_key", ""), _negated=True),
                        fields=("uploaded_by", "upload_key"),
                        name="photo_sent_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PhotoCredit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "photo",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="credits",
                        to="photos.photo",
                    ),
                ),
                (
                    "contributor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photo_credits",
                        to="bylines.contributor",
                        verbose_name="contributor",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("记者", "reporter"),
                            ("通讯员", "correspondent"),
                            ("作者", "author"),
                            ("文字", "text"),
                            ("摄影", "photograph"),
                            ("摄像", "video"),
                            ("图片", "picture"),
                            ("供图", "picture supplied"),
                            ("供稿", "copy supplied"),
                            ("编辑", "editing"),
                            ("校对", "proofreading"),
                            ("审核", "approval"),
                            ("统筹", "coordination"),
                            ("策划", "planned by"),
                            ("制图", "graphics"),
                            ("实习生", "trainee"),
                            ("评论员", "commentator"),
                        ],
                        default="摄影",
                        max_length=10,
                        verbose_name="role",
                    ),
                ),
                ("label", models.CharField(blank=True, max_length=20, verbose_name="printed as")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
            ],
            options={
                "verbose_name": "photo credit",
                "verbose_name_plural": "photo credits",
                "ordering": ["order", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("photo", "contributor", "role"), name="photo_credit_once_per_role"
                    )
                ],
            },
        ),
    ]
