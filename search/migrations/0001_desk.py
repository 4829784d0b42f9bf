"""The index of the desk's articles: FTS5 on SQLite, tsvector under GIN on PostgreSQL."""

from django.db import migrations

from search.index import Index


def create(apps, schema_editor):
    Index("desk").create(schema_editor.connection)


def drop(apps, schema_editor):
    Index("desk").drop(schema_editor.connection)


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.RunPython(create, drop, elidable=False)]
