import datetime

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import paper.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="OldAddress",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "old",
                    models.CharField(
                        help_text="For example /news/2019/123.html. It is used when this site has nothing at that address.",
                        max_length=500,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A/(?![/\\\\])(?!desk(?:/|\\Z))[^?#\\x00-\\x1f\\x7f]*\\Z",
                                "Enter only the path: it starts with /, has no host and no ?, and is not an address of the desk.",
                            )
                        ],
                        verbose_name="old address",
                    ),
                ),
                (
                    "new",
                    models.CharField(
                        db_index=True,
                        help_text="A path on this site, such as /stories/123/.",
                        max_length=500,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A/(?![/\\\\])(?!desk(?:/|\\Z))[^?#\\x00-\\x1f\\x7f]*\\Z",
                                "Enter only the path: it starts with /, has no host and no ?, and is not an address of the desk.",
                            )
                        ],
                        verbose_name="redirects to",
                    ),
                ),
                ("at", models.DateTimeField(editable=False, verbose_name="redirects since")),
            ],
            options={
                "verbose_name": "old address",
                "verbose_name_plural": "old addresses",
                "ordering": ["-at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Paper",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="name")),
                ("motto", models.CharField(blank=True, max_length=80, verbose_name="motto")),
                (
                    "publisher",
                    models.CharField(blank=True, max_length=80, verbose_name="publisher"),
                ),
                (
                    "logo",
                    models.ImageField(
                        blank=True,
                        upload_to="paper/",
                        validators=[
                            django.core.validators.FileExtensionValidator(
                                ["png", "webp", "jpg", "jpeg"]
                            ),
                            paper.models.check_logo_size,
                        ],
                        verbose_name="logo",
                    ),
                ),
                (
                    "dateline",
                    models.CharField(
                        blank=True,
                        help_text="For example 本报讯.",
                        max_length=20,
                        verbose_name="usual dateline",
                    ),
                ),
                (
                    "cn_number",
                    models.CharField(blank=True, max_length=20, verbose_name="CN number"),
                ),
                (
                    "icp_number",
                    models.CharField(blank=True, max_length=40, verbose_name="ICP record"),
                ),
                (
                    "licence_number",
                    models.CharField(blank=True, max_length=40, verbose_name="news licence"),
                ),
                (
                    "hotline",
                    models.CharField(blank=True, max_length=40, verbose_name="report hotline"),
                ),
                (
                    "about",
                    models.TextField(
                        blank=True,
                        help_text="For readers; separate paragraphs with an empty line.",
                        verbose_name="about the paper",
                    ),
                ),
                (
                    "address",
                    models.CharField(blank=True, max_length=120, verbose_name="postal address"),
                ),
                (
                    "phone",
                    models.CharField(blank=True, max_length=40, verbose_name="newsroom phone"),
                ),
                (
                    "email",
                    models.EmailField(blank=True, max_length=254, verbose_name="newsroom e-mail"),
                ),
                (
                    "reviews",
                    models.PositiveSmallIntegerField(
                        default=3,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(3),
                        ],
                        verbose_name="number of reviews",
                    ),
                ),
                (
                    "allow_same_reviewer",
                    models.BooleanField(
                        default=False,
                        help_text="For a small staff. Nobody can ever approve their own article.",
                        verbose_name="one person may sign two reviews",
                    ),
                ),
                (
                    "start_date",
                    models.DateField(
                        default=django.utils.timezone.localdate,
                        editable=False,
                        help_text="Issues of earlier days can be imported as printed, without reviews.",
                        verbose_name="in use since",
                    ),
                ),
                (
                    "release_time",
                    models.TimeField(
                        default=datetime.time(6, 0), verbose_name="usual release time"
                    ),
                ),
                (
                    "cutoff_time",
                    models.TimeField(
                        default=datetime.time(22, 0),
                        verbose_name="usual cut-off, the evening before",
                    ),
                ),
            ],
            options={
                "verbose_name": "paper",
                "verbose_name_plural": "paper",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="paper_is_one_row"),
                    models.CheckConstraint(
                        condition=models.Q(("reviews__gte", 1), ("reviews__lte", 3)),
                        name="paper_reviews_1_to_3",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Section",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "paper",
                    models.ForeignKey(
                        default=1,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sections",
                        to="paper.paper",
                        verbose_name="paper",
                    ),
                ),
                ("name", models.CharField(max_length=20, unique=True, verbose_name="name")),
                (
                    "english_name",
                    models.CharField(blank=True, max_length=40, verbose_name="English name"),
                ),
                ("slug", models.SlugField(unique=True, verbose_name="address")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                (
                    "reviews",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Leave empty to use the paper's setting. A section can require fewer reviews, never more.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(3),
                        ],
                        verbose_name="number of reviews",
                    ),
                ),
                (
                    "editors",
                    models.ManyToManyField(
                        blank=True,
                        related_name="sections",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="editors",
                    ),
                ),
            ],
            options={
                "verbose_name": "section",
                "verbose_name_plural": "sections",
                "ordering": ["order", "id"],
            },
        ),
        migrations.CreateModel(
            name="Town",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=20, unique=True, verbose_name="name")),
                (
                    "short_name",
                    models.CharField(blank=True, max_length=20, verbose_name="short name"),
                ),
                ("slug", models.SlugField(unique=True, verbose_name="address")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                (
                    "map_column",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="1 to 12, from the west. Leave empty for a list without a map.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(12),
                        ],
                        verbose_name="column on the map",
                    ),
                ),
                (
                    "map_row",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="1 to 12, from the north.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(12),
                        ],
                        verbose_name="row on the map",
                    ),
                ),
            ],
            options={
                "verbose_name": "town",
                "verbose_name_plural": "towns",
                "ordering": ["order", "id"],
            },
        ),
    ]
