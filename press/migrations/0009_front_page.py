"""The readers' front page as editors arrange it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("paper", "0003_logo_checks"),
        ("press", "0008_search"),
    ]

    operations = [
        migrations.CreateModel(
            name="FrontPage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0)),
                ("changed_by", models.CharField(blank=True, max_length=40)),
                ("changed_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("pk", 1)), name="front_page_is_one_row"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FrontPick",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "place",
                    models.CharField(
                        choices=[("lead", "Lead"), ("headlines", "Headlines")], max_length=10
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=0)),
                ("stays", models.BooleanField(default=False)),
                (
                    "edition",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="front_picks",
                        to="press.edition",
                    ),
                ),
                (
                    "story",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="front_pick",
                        to="press.story",
                    ),
                ),
            ],
            options={
                "ordering": ["place", "order", "id"],
            },
        ),
        migrations.CreateModel(
            name="FrontBlock",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("pages", "Today's paper"),
                            ("photos", "Photo strip"),
                            ("section", "section"),
                            ("towns", "Index of towns"),
                        ],
                        max_length=10,
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=0)),
                ("count", models.PositiveSmallIntegerField(default=0)),
                ("is_shown", models.BooleanField(default=True)),
                (
                    "section",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="front_block",
                        to="paper.section",
                    ),
                ),
            ],
            options={
                "ordering": ["order", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "section"), ("section__isnull", False)),
                            models.Q(
                                models.Q(("kind", "section"), _negated=True),
                                ("section__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="front_block_of_a_section",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "section"), _negated=True),
                        fields=("kind",),
                        name="front_block_once",
                    ),
                ],
            },
        ),
    ]
