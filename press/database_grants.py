"""Database privileges of a process that serves the reader surface alone."""

from __future__ import annotations

from .search_index import PRESS
from .triggers import WATCHED

#: Tables of which public pages need only some columns: no login, no phone number.
COLUMNS = {
    "bylines_contributor": (
        *("id", "name", "name_key", "sort_key", "kind", "unit", "town_id", "merged_into_id"),
    )
}
#: Tables besides those watched for changes: the change rows themselves and the search index.
_BESIDE = ["press_change", PRESS.table, f"{PRESS.table}_text"]


def grants(role: str) -> list[str]:
    """Return the SQL that grants the PostgreSQL role `role` SELECT on what public pages show."""
    tables = [table for table in [*WATCHED, *_BESIDE] if table not in COLUMNS]
    return [
        f"GRANT USAGE ON SCHEMA public TO {role}",
        f"GRANT SELECT ON {', '.join(tables)} TO {role}",
        *(f"GRANT SELECT ({', '.join(names)}) ON {t} TO {role}" for t, names in COLUMNS.items()),
    ]
