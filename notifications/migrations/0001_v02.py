import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Notification",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notifications",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "event",
                    models.CharField(
                        choices=[
                            ("received", "an article is waiting for my review"),
                            ("taken", "the desk has received my article"),
                            ("returned", "my article was returned"),
                            ("passed", "my article was approved in a review"),
                            ("printed", "my article is published"),
                            ("mentioned", "somebody mentions me in a comment"),
                            ("cutoff", "the cut-off of an issue is approaching"),
                            ("withdrawn", "a story was withdrawn"),
                            ("pages", "pages of a signed issue were changed"),
                            ("anchor", "the digest of all signatures"),
                            ("anchor_fault", "the signatures could not be anchored"),
                        ],
                        max_length=12,
                        verbose_name="event",
                    ),
                ),
                ("key", models.CharField(max_length=80)),
                (
                    "message",
                    models.CharField(
                        help_text="a key of notifications.messages.SENTENCES", max_length=20
                    ),
                ),
                ("data", models.JSONField(default=dict, help_text="what the sentence names")),
                ("url", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField(verbose_name="time")),
                ("in_desk", models.BooleanField(default=True)),
                ("read_at", models.DateTimeField(blank=True, null=True, verbose_name="read at")),
                ("by_mail", models.BooleanField(default=False)),
                (
                    "mailed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="e-mailed at"),
                ),
            ],
            options={
                "verbose_name": "notification",
                "verbose_name_plural": "notifications",
                "ordering": ["-at", "-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("in_desk", True), ("read_at", None)),
                        fields=["user"],
                        name="notification_unread",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "event", "key"), name="notification_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="NotificationChoice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notification_choices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "event",
                    models.CharField(
                        choices=[
                            ("received", "an article is waiting for my review"),
                            ("taken", "the desk has received my article"),
                            ("returned", "my article was returned"),
                            ("passed", "my article was approved in a review"),
                            ("printed", "my article is published"),
                            ("mentioned", "somebody mentions me in a comment"),
                            ("cutoff", "the cut-off of an issue is approaching"),
                            ("withdrawn", "a story was withdrawn"),
                            ("pages", "pages of a signed issue were changed"),
                            ("anchor", "the digest of all signatures"),
                            ("anchor_fault", "the signatures could not be anchored"),
                        ],
                        max_length=12,
                        verbose_name="event",
                    ),
                ),
                ("in_desk", models.BooleanField(default=True, verbose_name="at the desk")),
                ("by_mail", models.BooleanField(default=True, verbose_name="by e-mail")),
            ],
            options={
                "verbose_name": "notification setting",
                "verbose_name_plural": "notification settings",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "event"), name="notification_choice_once"
                    )
                ],
            },
        ),
    ]
