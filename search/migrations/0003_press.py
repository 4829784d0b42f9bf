"""The index of printed stories, which lie in time."""

from django.db import migrations

from search.timeline import Timeline


def create(apps, schema_editor):
    Timeline("press").create(schema_editor.connection)


def drop(apps, schema_editor):
    Timeline("press").drop(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("search", "0002_find")]
    operations = [migrations.RunPython(create, drop)]
