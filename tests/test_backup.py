"""Rule: one command backs the whole paper up, and what it wrote can be put back."""

from __future__ import annotations

import io
import shutil
import sqlite3
import subprocess
import tarfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from newsroom import backup
from photos.services import add_photo

from . import factories

ON_SQLITE = connection.vendor == "sqlite"


@pytest.mark.skipif(not ON_SQLITE, reason="the copy of SQLite")
def test_a_backup_holds_database_and_photos(settings, tmp_path, monkeypatch):
    source = tmp_path / "paper.sqlite3"
    with sqlite3.connect(source) as paper:
        paper.execute("CREATE TABLE town (name TEXT)")
        paper.execute("INSERT INTO town VALUES ('白沙镇')")
    monkeypatch.setitem(settings.DATABASES["default"], "NAME", str(source))
    photo = Path(settings.MEDIA_ROOT) / "photos" / "a.webp"
    photo.parent.mkdir(parents=True)
    photo.write_bytes(factories.picture("WEBP"))
    target, out = tmp_path / "backups" / "paper.tar.gz", io.StringIO()
    call_command("backup", str(target), stdout=out)
    assert str(target) in out.getvalue()
    assert target.stat().st_mode & 0o077 == 0
    with tarfile.open(target) as archive:
        archive.extractall(tmp_path / "back")
    back = tmp_path / "back"
    assert (back / backup.MEDIA_NAME / "photos" / "a.webp").read_bytes() == photo.read_bytes()
    with sqlite3.connect(back / backup.SQLITE_NAME) as copy:
        assert copy.execute("SELECT name FROM town").fetchall() == [("白沙镇",)]
    assert [path.name for path in target.parent.iterdir()] == [target.name]


@pytest.mark.django_db
def test_a_backup_holds_the_photos_of_a_bucket(store, now, tmp_path):
    made = add_photo(data=factories.picture(), caption="", user=None, at=now)
    with tarfile.open(tmp_path / "paper.tar", "w") as archive:
        backup._add_media(archive)
    with tarfile.open(tmp_path / "paper.tar") as archive:
        names = {entry.name for entry in archive if entry.isfile()}
        stream = archive.extractfile(f"{backup.MEDIA_NAME}/{made.file.name}")
        with made.file.open() as kept:
            assert stream.read() == kept.read()
    assert f"{backup.MEDIA_NAME}/{made.folder}/w64.jpg" in names


@pytest.mark.skipif(ON_SQLITE or not shutil.which("pg_dump"), reason="needs pg_dump")
@pytest.mark.django_db
def test_a_backup_of_postgresql_can_be_listed(settings, tmp_path, monkeypatch):
    name = connection.settings_dict["NAME"]
    monkeypatch.setitem(settings.DATABASES["default"], "NAME", name)
    call_command("backup", str(tmp_path / "paper.tar.gz"), stdout=io.StringIO())
    with tarfile.open(tmp_path / "paper.tar.gz") as archive:
        archive.extractall(tmp_path)
    dump = tmp_path / backup.POSTGRES_NAME
    listed = subprocess.run(["pg_restore", "--list", str(dump)], capture_output=True, text=True)
    assert "TABLE public press_story" in listed.stdout


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError, match="file"):
        call_command("backup", str(tmp_path / "file" / "paper.tar.gz"))
