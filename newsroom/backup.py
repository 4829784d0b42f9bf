"""One file that holds the whole paper: its database and its photos."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import tarfile
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage

#: Names inside the archive; to restore is to put them back.
SQLITE_NAME, POSTGRES_NAME, MEDIA_NAME = "newsroom.sqlite3", "newsroom.dump", "media"


class BackupFailed(Exception):
    """The backup was not made; `str()` says why."""


def write(target: Path) -> int:
    """Write the backup to `target` (.tar.gz) and return its size in bytes.

    The paper may be in use meanwhile: the database is copied as it stands at one moment. The file
    appears under its name only when it is whole. Raises BackupFailed.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    try:
        with tempfile.TemporaryDirectory(dir=target.parent) as folder:
            copy = _copy_database(Path(folder), settings.DATABASES["default"])
            with tarfile.open(part, "w:gz") as archive:
                archive.add(copy, copy.name)
                _add_media(archive)
        part.chmod(0o600)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return target.stat().st_size


def _add_media(archive: tarfile.TarFile) -> None:
    """Add the photos, from the folder or out of the bucket that they lie in."""
    if isinstance(default_storage, FileSystemStorage):
        if Path(default_storage.location).is_dir():
            archive.add(default_storage.location, MEDIA_NAME)
        return
    folders = [""]
    while folders:
        folder = folders.pop()
        inner, names = default_storage.listdir(folder)
        folders += [f"{folder}{name}/" for name in inner]
        for name in filter(None, names):
            entry = tarfile.TarInfo(f"{MEDIA_NAME}/{folder}{name}")
            entry.size = default_storage.size(f"{folder}{name}")
            entry.mtime = int(default_storage.get_modified_time(f"{folder}{name}").timestamp())
            with default_storage.open(f"{folder}{name}", "rb") as stream:
                archive.addfile(entry, stream)


def _copy_database(folder: Path, database: dict[str, Any]) -> Path:
    if database["ENGINE"].endswith("sqlite3"):
        return _copy_sqlite(folder / SQLITE_NAME, database)
    return _copy_postgres(folder / POSTGRES_NAME, database)


def _copy_sqlite(target: Path, database: dict[str, Any]) -> Path:
    """Copy with SQLite's own backup, which waits for nobody and misses nothing."""
    name = str(database["NAME"])
    with (
        closing(sqlite3.connect(name, uri=name.startswith("file:"))) as source,
        closing(sqlite3.connect(target)) as copy,
    ):
        source.backup(copy)
    return target


def _copy_postgres(target: Path, database: dict[str, Any]) -> Path:
    """Copy with pg_dump in its own format, for pg_restore."""
    values = {
        "PGHOST": database.get("HOST"),
        "PGPORT": database.get("PORT"),
        "PGUSER": database.get("USER"),
        "PGPASSWORD": database.get("PASSWORD"),
        "PGDATABASE": database["NAME"],
    }
    env = {**os.environ, **{name: str(value) for name, value in values.items() if value}}
    command = ["pg_dump", "--format=custom", f"--file={target}"]
    try:
        done = subprocess.run(command, env=env, capture_output=True, text=True)  # noqa: S603
    except FileNotFoundError as error:
        raise BackupFailed("pg_dump: apt install postgresql-client") from error
    if done.returncode:
        raise BackupFailed(done.stderr.strip())
    return target
