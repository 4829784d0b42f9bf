import datetime

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("articles", "0001_v02"),
        ("auth", "__first__"),
        ("press", "0001_v02"),
    ]

    operations = [
        migrations.CreateModel(
            name="Series",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=20, unique=True, verbose_name="name")),
                (
                    "weekdays",
                    models.CharField(
                        help_text="ISO weekdays, such as 246", max_length=7, verbose_name="days"
                    ),
                ),
                (
                    "cutoff_days",
                    models.PositiveSmallIntegerField(
                        default=1, verbose_name="cut-off, days before"
                    ),
                ),
                (
                    "cutoff_time",
                    models.TimeField(default=datetime.time(22, 0), verbose_name="cut-off"),
                ),
                (
                    "release_time",
                    models.TimeField(default=datetime.time(6, 0), verbose_name="release"),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
            ],
            options={
                "verbose_name": "series",
                "verbose_name_plural": "series of issues",
                "ordering": ["weekdays", "name"],
            },
        ),
        migrations.CreateModel(
            name="Issue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(unique=True, verbose_name="issue number")),
                (
                    "year_number",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="number within the year"
                    ),
                ),
                ("date", models.DateField(verbose_name="date")),
                ("part", models.PositiveSmallIntegerField(default=1, editable=False)),
                (
                    "special",
                    models.CharField(blank=True, max_length=20, verbose_name="special issue"),
                ),
                (
                    "series",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="issues",
                        to="issues.series",
                        verbose_name="series",
                    ),
                ),
                ("cutoff_at", models.DateTimeField(verbose_name="cut-off")),
                ("release_at", models.DateTimeField(verbose_name="release")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planning", "planning"),
                            ("closed", "closed"),
                            ("signed", "signed"),
                        ],
                        default="planning",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "signed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="signed by",
                    ),
                ),
                ("signed_at", models.DateTimeField(null=True, verbose_name="signed at")),
                (
                    "edition",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="issue",
                        to="press.edition",
                        verbose_name="edition",
                    ),
                ),
                (
                    "is_archive",
                    models.BooleanField(
                        default=False, editable=False, verbose_name="imported from the archive"
                    ),
                ),
                (
                    "chain",
                    models.CharField(
                        blank=True,
                        editable=False,
                        help_text="the chain of its last log entry",
                        max_length=64,
                    ),
                ),
            ],
            options={
                "verbose_name": "issue",
                "verbose_name_plural": "issues",
                "ordering": ["-date", "-part"],
                "constraints": [
                    models.UniqueConstraint(fields=("date", "part"), name="issue_parts_of_a_day"),
                    models.UniqueConstraint(
                        condition=models.Q(("special", "")),
                        fields=("date",),
                        name="issue_regular_once_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("cutoff_at__lte", models.F("release_at"))),
                        name="issue_cutoff_before_release",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "signed"), _negated=True),
                            models.Q(("signed_at__isnull", False), ("signed_by__isnull", False)),
                            ("is_archive", True),
                            _connector="OR",
                        ),
                        name="issue_signed_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IssueLogEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "issue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="log",
                        to="issues.issue",
                        verbose_name="issue",
                    ),
                ),
                ("action", models.CharField(max_length=20, verbose_name="action")),
                ("from_state", models.CharField(max_length=10, verbose_name="from")),
                ("to_state", models.CharField(max_length=10, verbose_name="to")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                ("by_name", models.CharField(blank=True, max_length=60, verbose_name="name")),
                ("by_roles", models.CharField(blank=True, max_length=120, verbose_name="roles")),
                ("at", models.DateTimeField(verbose_name="time")),
                (
                    "version",
                    models.PositiveIntegerField(help_text="the version of the issue after it"),
                ),
                ("printed", models.CharField(blank=True, max_length=64)),
                (
                    "details",
                    models.JSONField(
                        default=dict, help_text="what the action decided, as audit_log documents it"
                    ),
                ),
                ("seal_version", models.PositiveSmallIntegerField(help_text="what `chain` covers")),
                (
                    "chain",
                    models.CharField(
                        help_text="SHA-256 of the entry before it and of all that it says",
                        max_length=64,
                    ),
                ),
            ],
            options={
                "verbose_name": "log entry of an issue",
                "verbose_name_plural": "log entries of issues",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Page",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="page")),
                ("name", models.CharField(max_length=20, verbose_name="name")),
                (
                    "room_chars",
                    models.PositiveIntegerField(default=0, verbose_name="capacity in characters"),
                ),
                (
                    "room_photos",
                    models.PositiveSmallIntegerField(default=0, verbose_name="capacity for photos"),
                ),
                (
                    "columns",
                    models.JSONField(blank=True, default=list, verbose_name="standing columns"),
                ),
                (
                    "issue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pages",
                        to="issues.issue",
                        verbose_name="issue",
                    ),
                ),
                (
                    "editor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="responsible editor",
                    ),
                ),
            ],
            options={
                "verbose_name": "page",
                "verbose_name_plural": "pages",
                "ordering": ["number"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("issue", "number"), name="page_number_once_per_issue"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)), name="page_numbers_from_1"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Handoff",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="handoffs",
                        to="issues.page",
                        verbose_name="page",
                    ),
                ),
                ("manifest", models.JSONField(default=dict)),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="handed off at")),
            ],
            options={
                "verbose_name": "print hand-off",
                "verbose_name_plural": "print hand-offs",
                "ordering": ["made_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="PageImage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "page",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="image",
                        to="issues.page",
                        verbose_name="page",
                    ),
                ),
                ("folder", models.CharField(help_text="its files in the storage", max_length=200)),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                (
                    "widths",
                    models.JSONField(
                        default=list, help_text="widths in pixels that were made of it"
                    ),
                ),
                ("has_pdf", models.BooleanField(default=False)),
                (
                    "pdf_form",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="the form in which its PDF was cleaned for readers; 0: not yet",
                    ),
                ),
                (
                    "original",
                    models.CharField(
                        blank=True,
                        help_text="the PDF as it was sent, in the storage",
                        max_length=200,
                    ),
                ),
                ("sha256", models.CharField(help_text="of the file as it was sent", max_length=64)),
                ("areas", models.JSONField(blank=True, default=list, verbose_name="areas")),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("uploaded_at", models.DateTimeField(verbose_name="uploaded at")),
            ],
            options={
                "verbose_name": "page image",
                "verbose_name_plural": "page images",
            },
        ),
        migrations.CreateModel(
            name="Placement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="placements",
                        to="issues.page",
                        verbose_name="page",
                    ),
                ),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="placements",
                        to="articles.article",
                        verbose_name="article",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                (
                    "column",
                    models.CharField(blank=True, max_length=20, verbose_name="standing column"),
                ),
                (
                    "continued_on",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="continued",
                        to="issues.page",
                        verbose_name="continued on page",
                    ),
                ),
                ("is_open", models.BooleanField(default=True, verbose_name="open")),
                (
                    "placed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("placed_at", models.DateTimeField(verbose_name="placed at")),
            ],
            options={
                "verbose_name": "placement",
                "verbose_name_plural": "placements",
                "ordering": ["position", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_open", True)),
                        fields=("article",),
                        name="article_placed_once",
                    ),
                    models.UniqueConstraint(
                        fields=("page", "article"), name="article_once_on_a_page"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SeriesPage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="page")),
                ("name", models.CharField(max_length=20, verbose_name="name")),
                (
                    "room_chars",
                    models.PositiveIntegerField(default=0, verbose_name="capacity in characters"),
                ),
                (
                    "room_photos",
                    models.PositiveSmallIntegerField(default=0, verbose_name="capacity for photos"),
                ),
                (
                    "columns",
                    models.JSONField(blank=True, default=list, verbose_name="standing columns"),
                ),
                (
                    "series",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pages",
                        to="issues.series",
                        verbose_name="series",
                    ),
                ),
            ],
            options={
                "verbose_name": "page of a series",
                "verbose_name_plural": "pages of a series",
                "ordering": ["number"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("series", "number"), name="series_page_number_once"
                    )
                ],
            },
        ),
    ]
