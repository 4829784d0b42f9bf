"""What SQLite can do here that Django does not know of."""

from __future__ import annotations

import sqlite3
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper


def allow_long_statements(sender: Any, connection: BaseDatabaseWrapper, **_more: Any) -> None:
    """Let a statement have as many values as this SQLite takes.

    Django counts on 999, the limit of old ones, and would sign an issue of 40 stories with more
    statements than one of 4.
    """
    if connection.vendor == "sqlite":
        most = connection.connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)
        connection.features.max_query_params = most
