"""The tables of the full-text search, which no model describes: FTS5 and tsvector."""

from django.db import migrations

CREATE = {
    "sqlite": [
        "CREATE VIRTUAL TABLE search_desk USING fts5(head, body, tokenize = 'ascii')",
        "CREATE VIRTUAL TABLE search_press USING fts5(head, body, files, tokenize = "
        "'ascii', columnsize = 0)",
    ],
    "postgresql": [
        "CREATE TABLE search_desk (id bigint PRIMARY KEY, head tsvector NOT NULL, body "
        "tsvector NOT NULL, head_words text NOT NULL, body_words text NOT NULL)",
        "CREATE INDEX search_desk_head ON search_desk USING gin (head) WITH (fastupdate = off)",
        "CREATE INDEX search_desk_body ON search_desk USING gin (body) WITH (fastupdate = off)",
        "CREATE OR REPLACE FUNCTION search_desk_find(wanted tsquery, in_head boolean) "
        "RETURNS SETOF bigint LANGUAGE sql STABLE ROWS 1000 SET enable_seqscan = off "
        "AS 'SELECT id FROM search_desk WHERE head @@ wanted UNION ALL SELECT id FROM "
        "search_desk WHERE body @@ wanted AND NOT in_head'",
        "CREATE TABLE search_press_text (key bigint PRIMARY KEY, head_words text NOT "
        "NULL, words text NOT NULL, files text NOT NULL)",
        "CREATE TABLE search_press (key bigint PRIMARY KEY REFERENCES "
        "search_press_text ON DELETE CASCADE ON UPDATE CASCADE, head tsvector NOT "
        "NULL, body tsvector NOT NULL) WITH (toast_tuple_target = 128)",
        "ALTER TABLE search_press ALTER head SET STORAGE EXTERNAL, ALTER body SET STORAGE EXTERNAL",
        "CREATE INDEX search_press_head ON search_press USING gin (head) WITH (fastupdate = off)",
        "CREATE INDEX search_press_body ON search_press USING gin (body) WITH (fastupdate = off)",
        "CREATE FUNCTION search_press_find(wanted tsquery, in_head boolean, low "
        "bigint, high bigint) RETURNS SETOF bigint LANGUAGE sql STABLE ROWS 1000 SET "
        "enable_seqscan = off SET enable_indexscan = off AS 'SELECT key FROM "
        "search_press WHERE in_head AND head @@ wanted AND key >= low AND key < high "
        "UNION ALL SELECT key FROM search_press WHERE NOT in_head AND body @@ wanted "
        "AND key >= low AND key < high'",
    ],
}
DROP = {
    "sqlite": ["DROP TABLE search_press", "DROP TABLE search_desk"],
    "postgresql": [
        "DROP FUNCTION search_press_find",
        "DROP TABLE search_press",
        "DROP TABLE search_press_text",
        "DROP FUNCTION search_desk_find",
        "DROP TABLE search_desk",
    ],
}


def create(apps, schema_editor):
    run(schema_editor, CREATE)


def drop(apps, schema_editor):
    run(schema_editor, DROP)


def run(schema_editor, statements):
    with schema_editor.connection.cursor() as cursor:
        for sql in statements[schema_editor.connection.vendor]:
            cursor.execute(sql)


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.RunPython(create, drop)]
