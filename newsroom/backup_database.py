"""Consistent copy of the database as of one moment, while it is in use."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext as _

#: Names of the copies inside the archive.
SQLITE_NAME, POSTGRES_NAME = "newsroom.sqlite3", "newsroom.dump"


class BackupFailed(Exception):
    """The backup was not made; `str()` is a sentence that gives the reason."""


def copy_database(folder: Path, database: dict[str, Any]) -> Path:
    """Copy the database of these settings into `folder` and return the path of the copy.

    Raises BackupFailed, and OSError if the copy cannot be written.
    """
    if database["ENGINE"].endswith("sqlite3"):
        return _copy_sqlite(folder / SQLITE_NAME, str(database["NAME"]))
    return _copy_postgres(folder / POSTGRES_NAME, database)


def _copy_sqlite(target: Path, name: str) -> Path:
    """Copy with SQLite's online backup, which blocks no writer and misses no commit."""
    target.unlink(missing_ok=True)
    # Without "rw" a wrong path would create an empty database, which would be backed up.
    address = name if name.startswith("file:") else f"file:{quote(name)}?mode=rw"
    try:
        with (
            closing(sqlite3.connect(address, uri=True, timeout=20)) as source,
            closing(sqlite3.connect(target)) as copy,
        ):
            source.backup(copy)
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_CANTOPEN:
            message = _("There is no database at %(name)s. Is NEWSROOM_DATA_DIR correct?")
            raise BackupFailed(message % {"name": name}) from error
        raise
    return target


def _copy_postgres(target: Path, database: dict[str, Any]) -> Path:
    """Copy with pg_dump in its custom format, for pg_restore."""
    command = ["pg_dump", "--format=custom", f"--file={target}"]
    env = {**os.environ, **_environment(database)}
    try:
        done = subprocess.run(command, env=env, capture_output=True, text=True)  # noqa: S603
    except FileNotFoundError as error:
        message = _("The program pg_dump is missing. Install it: apt install postgresql-client")
        raise BackupFailed(message) from error
    if done.returncode:
        output = done.stderr.strip() or f"exit status {done.returncode}"
        raise BackupFailed(_("pg_dump reports: %(said)s") % {"said": output})
    if not target.is_file() or not target.stat().st_size:
        raise BackupFailed(_("pg_dump wrote nothing."))
    return target


def _environment(database: dict[str, Any]) -> dict[str, str]:
    """Return libpq's environment variables for the connection, TLS settings included."""
    values = {
        "HOST": database.get("HOST"),
        "PORT": database.get("PORT"),
        "USER": database.get("USER"),
        "PASSWORD": database.get("PASSWORD"),
        "DATABASE": database["NAME"],
    }
    options = database.get("OPTIONS", {})
    values |= {key.upper(): value for key, value in options.items() if key in _LIBPQ}
    return {f"PG{name}": str(value) for name, value in values.items() if value}


#: Options of Django's settings that libpq reads from the environment under the same name.
_LIBPQ = frozenset(
    ("sslmode", "sslrootcert", "sslcert", "sslkey", "sslcrl", "service", "passfile", "options")
)
