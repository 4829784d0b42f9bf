"""PostgreSQL asks the index in a function with settings of its own."""

from django.db import migrations

from search import postgresql


def create(apps, schema_editor):
    connection = schema_editor.connection
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(postgresql.FIND.format(table="search_desk"))


class Migration(migrations.Migration):
    dependencies = [("search", "0001_desk")]
    # Its table goes together with the function, in 0001.
    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
