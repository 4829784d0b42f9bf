"""What a process that serves readers alone may read of the database, and nothing else."""

from __future__ import annotations

from .indexing import PRESS
from .triggers import WATCHED

#: Of these tables readers' pages need no more than some columns: no login, no phone.
COLUMNS = {"bylines_contributor": ("id", "name", "kind", "unit", "town_id")}
#: Beside what is watched for changes: the mark of the changes itself, and the index.
_BESIDE = ["press_change", PRESS.table, f"{PRESS.table}_text"]


def grants(role: str) -> list[str]:
    """Return the SQL that lets the PostgreSQL role `role` read what readers' pages show."""
    tables = [table for table in [*WATCHED, *_BESIDE] if table not in COLUMNS]
    return [
        f"GRANT USAGE ON SCHEMA public TO {role}",
        f"GRANT SELECT ON {', '.join(tables)} TO {role}",
        *(f"GRANT SELECT ({', '.join(names)}) ON {t} TO {role}" for t, names in COLUMNS.items()),
    ]
