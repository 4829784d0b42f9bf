"""Seal the log rows that were written before there was a chain."""

from itertools import groupby

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from articles.services.chain import old_link
from bylines.services import display_name


def seal(apps, schema_editor):
    """Chain each article's rows in the order in which they were written.

    Names and roles are those of today: nobody wrote down those of then.
    """
    rows = apps.get_model("articles", "LogEntry").objects.filter(chain="")
    rows = rows.select_related("by", "revision").defer("revision__content")
    rows = rows.prefetch_related("by__groups").order_by("article_id", "pk").iterator(1000)
    for article_id, entries in groupby(rows, key=lambda entry: entry.article_id):
        _seal_one(apps, article_id, list(entries))


def _seal_one(apps, article_id, entries):
    previous = ""
    for entry in entries:
        user = entry.by
        entry.by_name = display_name(user)[:60]
        entry.by_roles = ",".join(sorted(_roles(user))) if user else ""
        entry.chain = previous = old_link(entry, previous)
    apps.get_model("articles", "LogEntry").objects.bulk_update(
        entries, ["by_name", "by_roles", "chain"]
    )
    apps.get_model("articles", "Article").objects.filter(pk=article_id).update(chain=previous)


def _roles(user):
    names = {group.name for group in user.groups.all()}
    return names | ({"administrator"} if user.is_superuser else set())


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0003_desk_work"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="logentry",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="by",
            ),
        ),
        migrations.RunPython(seal, migrations.RunPython.noop),
    ]
