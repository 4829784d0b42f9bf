"""Set-up of SQLite connections beyond Django's assumptions.

Private API of Django (used with 5.2): `connection.features.max_query_params`, the size by which
bulk statements are split, and `connection.connection`, the connection of the driver.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper


def allow_long_statements(sender: Any, connection: BaseDatabaseWrapper, **_more: Any) -> None:
    """Let a statement have as many parameters as this version of SQLite accepts.

    Django assumes 999, the limit of old versions, and would sign an issue of 40 stories with more
    statements than one of 4.
    """
    if connection.vendor == "sqlite":
        most = connection.connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)
        connection.features.max_query_params = most
