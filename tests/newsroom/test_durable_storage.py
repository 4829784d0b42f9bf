"""Rule: what is reported as saved is on the disk, on every connection to a SQLite file."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

from newsroom import durable_storage
from tests.helpers.layers import LEVEL
from tests.helpers.paths import ROOT
from tests.helpers.processes import SOUND, manage

#: The value of `PRAGMA synchronous` for FULL.
FULL = 2
LOOK = """
from django.db import connection, connections
with connection.cursor() as cursor:
    print("synchronous", cursor.execute("PRAGMA synchronous").fetchone()[0])
    print("journal", cursor.execute("PRAGMA journal_mode").fetchone()[0])
connections.close_all()
with connection.cursor() as cursor:
    print("again", cursor.execute("PRAGMA synchronous").fetchone()[0])
"""


@pytest.mark.parametrize("surface", ["both", "desk", "reader"])
@pytest.mark.parametrize("address", ["", "DATABASE_URL"])
def test_every_surface_writes_through_to_the_disk(tmp_path, surface, address):
    env = dict(SOUND)
    if address:
        env[address] = f"sqlite:///{tmp_path}/elsewhere.sqlite3"
    assert manage("migrate", "--verbosity", "0", data=tmp_path, **env).returncode == 0
    done = manage("shell", "-c", LOOK, data=tmp_path, NEWSROOM_SURFACE=surface, **env)
    assert done.returncode == 0, done.stderr
    seen = dict(line.split() for line in done.stdout.splitlines() if len(line.split()) == 2)
    assert seen == {"synchronous": str(FULL), "journal": "wal", "again": str(FULL)}


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a pragma of SQLite")
@pytest.mark.django_db
def test_the_connection_of_the_tests_has_it_too():
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA synchronous").fetchone()[0] == FULL


def test_a_photo_is_on_the_disk_before_its_row(monkeypatch):
    """Its file, its folder, and each new parent folder."""
    synced: list[str] = []
    root = Path(default_storage.location)
    root.mkdir()
    monkeypatch.setattr(
        durable_storage, "sync", lambda path: synced.append(str(path.relative_to(root)))
    )
    stored = default_storage.save("originals/ab/abc.jpg", ContentFile(b"photo"))
    assert synced == [stored, "originals/ab", "originals", "."]
    synced.clear()
    default_storage.save("originals/ab/abd.jpg", ContentFile(b"photo"))
    assert synced == ["originals/ab/abd.jpg", "originals/ab"]


def test_nobody_else_opens_a_database_of_sqlite():
    """A new connection would need the setting too; the backup only reads, and syncs its file."""
    apps = [ROOT / app for app in LEVEL]
    opening = [path for app in apps for path in app.rglob("*.py") if _opens(path)]
    assert [path.relative_to(ROOT).as_posix() for path in opening] == [
        "newsroom/backup_database.py"
    ]


def _opens(path: Path) -> bool:
    return "sqlite3.connect(" in path.read_text("utf-8")
