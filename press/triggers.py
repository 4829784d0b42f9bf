"""Triggers that change a marker with every change that readers can see.

Triggers also cover writes from the admin, a shell or a SQL script. The marker changes in the
transaction of the change itself, so it is never visible too early. They are created after every
`migrate`, because SQLite drops them when a migration rebuilds a table.
"""

from __future__ import annotations

from typing import Any

from django.db import connections

#: Every table of which a public page may show something (a test compares it with their queries).
WATCHED = [
    "press_edition",
    "press_editionpage",
    "press_story",
    "press_story_towns",
    "press_story_tags",
    "press_tagalias",
    "press_tagkey",
    "press_storycontributor",
    "press_storyphoto",
    "press_correction",
    "press_homepageblock",
    "press_homepagepick",
    "paper_paper",
    "paper_section",
    "paper_town",
    "paper_oldaddress",
    "bylines_contributor",
    "taggit_tag",
]

# PostgreSQL: one row per transaction, so that two transactions never wait for each other; the next
# change deletes old rows. A restored backup may contain the id of a new transaction.
_FUNCTION = """
CREATE OR REPLACE FUNCTION press_change_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO press_change (xact, mark, at) VALUES (txid_current(), gen_random_uuid(), now())
    ON CONFLICT (xact) DO UPDATE SET mark = gen_random_uuid();
  DELETE FROM press_change WHERE xact IN (
    SELECT xact FROM press_change WHERE at < now() - interval '1 hour'
    AND xact NOT IN (0, txid_current()) LIMIT 100 FOR UPDATE SKIP LOCKED);
  RETURN NULL;
END $$
"""
_STATEMENT = (
    "CREATE OR REPLACE TRIGGER {table}_note AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE"
    " ON {table} FOR EACH STATEMENT EXECUTE FUNCTION press_change_note()"
)
# SQLite has one writer at a time: one row is enough.
_ROW = (
    "CREATE TRIGGER IF NOT EXISTS {table}_note_{verb} AFTER {verb} ON {table} BEGIN"
    " UPDATE press_change SET mark = lower(hex(randomblob(16))); END"
)
_FIRST = (
    "INSERT INTO press_change (xact, mark, at) SELECT 0, {mark}, CURRENT_TIMESTAMP"
    " WHERE NOT EXISTS (SELECT 1 FROM press_change)"
)


def statements(vendor: str, tables: list[str]) -> list[str]:
    """Return the SQL that creates what is missing, for `tables`, on a database of this vendor."""
    if vendor == "postgresql":
        first = _FIRST.format(mark="gen_random_uuid()")
        return [first, _FUNCTION, *(_STATEMENT.format(table=table) for table in tables)]
    verbs = ("insert", "update", "delete")
    return [
        _FIRST.format(mark="'first'"),
        *(_ROW.format(table=t, verb=v) for t in tables for v in verbs),
    ]


def install(using: str, **_signal: Any) -> None:
    """Create the missing triggers; called after every `migrate`."""
    connection = connections[using]
    there = set(connection.introspection.table_names())
    if "press_change" not in there:
        return
    with connection.cursor() as cursor:
        for sql in statements(connection.vendor, [t for t in WATCHED if t in there]):
            cursor.execute(sql)
