"""Recognition of a database of version 0.1, whose tables this version cannot upgrade.

Version 0.2 starts with new migrations. Without this check `migrate` would take an old database for
an empty one and fail at the first table that exists already.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Collection
from importlib import import_module

from django.conf import settings
from django.db import connections
from django.utils.translation import gettext, gettext_noop, override

#: App whose migrations distinguish the versions.
APP = "articles"
#: Its first migration in 0.1, and the first since 0.2.
OLD_MIGRATION = "0001_initial"
FIRST_MIGRATION = "0001_v02"

_WHAT = gettext_noop(
    "This database was created by version 0.1. This version cannot upgrade it. Nothing was changed."
)


def is_from_0_1(applied: Collection[tuple[str, str]], released: Collection[str]) -> bool:
    """Return whether a database is of version 0.1.

    `applied` contains (app, name) of the migrations applied to it, `released` the names of the
    migrations of `APP` in this version.
    """
    is_new_generation = FIRST_MIGRATION in released and OLD_MIGRATION not in released
    return is_new_generation and (APP, OLD_MIGRATION) in applied


def applied_migrations(alias: str) -> set[tuple[str, str]]:
    """Return (app, name) of each migration applied to the database `alias`."""
    connection = connections[alias]
    if "django_migrations" not in connection.introspection.table_names():
        return set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        return {(app, name) for app, name in cursor.fetchall()}


def released_migrations() -> set[str]:
    """Return the names of the migrations of `APP` in this version."""
    package = import_module(f"{APP}.migrations")
    return {module.name for module in pkgutil.iter_modules(package.__path__)}


def refusal(*advice: str) -> str:
    """Return the reason and the `advice` (msgids) as text, in Chinese and then in English."""
    sentences = (_WHAT, *advice)
    with override(settings.LANGUAGE_CODE):
        chinese = "".join(gettext(sentence) for sentence in sentences)
    return f"{chinese}\n{' '.join(sentences)}"
