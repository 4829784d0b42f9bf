"""Rule: one command backs up the whole paper; an incomplete backup is refused with a message."""

from __future__ import annotations

import datetime as dt
import io
import re
import shutil
import sqlite3
import subprocess
import tarfile
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection

from issues.models import Issue, Page
from issues.services import page_images
from newsroom import backup, backup_database
from newsroom.media_files import MediaFiles
from newsroom.stored_files import named_files
from paper.models import Paper
from photos.models import Photo
from photos.services import add_photo
from press.models import Edition, EditionPage, StoryPhoto
from tests.helpers import factories
from tests.helpers.page_files import pdf
from tests.helpers.paths import left_in

ON_SQLITE = connection.vendor == "sqlite"


@pytest.fixture
def source(settings, tmp_path, monkeypatch) -> Path:
    """Return the database to copy: on SQLite a file, because the test database is in memory."""
    if not ON_SQLITE:
        name = connection.settings_dict["NAME"]
        monkeypatch.setitem(settings.DATABASES["default"], "NAME", name)
        if not shutil.which("pg_dump"):
            pytest.skip("needs pg_dump")
        return tmp_path
    path = tmp_path / "paper.sqlite3"
    with sqlite3.connect(path) as paper:
        paper.execute("CREATE TABLE town (name TEXT)")
        paper.execute("INSERT INTO town VALUES ('白沙镇')")
    monkeypatch.setitem(settings.DATABASES["default"], "NAME", str(path))
    return path


def back_up(target: Path, **how: bool) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("backup", str(target), stdout=out, stderr=err, **how)
    return out.getvalue(), err.getvalue()


def names_in(target: Path) -> set[str]:
    with tarfile.open(target) as archive:
        return {entry.name for entry in archive if entry.isfile()}


@pytest.mark.django_db
def test_a_folder_that_is_not_there_is_not_made(tmp_path):
    """Otherwise an unmounted target would put the backup on the disk that it backs up."""
    with pytest.raises(CommandError, match="不存在"):
        back_up(tmp_path / "stick" / "paper.tar.gz")
    assert left_in(tmp_path) == []


@pytest.mark.django_db
def test_the_folder_of_backups_without_a_name_is_made(source, settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    call_command("backup", stdout=io.StringIO())
    assert len(left_in(tmp_path / "data" / "backups")) == 1


@pytest.fixture
def everything(news, staff, now) -> dict[str, str]:
    """Create a paper with each kind of file; return one file of each kind."""
    photo = add_photo(data=factories.picture(), caption="", user=None, at=now)
    story = factories.make_story("河堤加固", now - dt.timedelta(hours=1))
    printed = StoryPhoto.objects.create(story=story, photo=photo, folder=f"{photo.folder}-print")
    for name in default_storage.listdir(photo.folder)[1]:
        default_storage.save(f"{printed.folder}/{name}", ContentFile(b"photo"))
    issue = Issue.objects.create(
        number=1, date=now.date(), release_at=now, cutoff_at=now - dt.timedelta(hours=2)
    )
    page = Page.objects.create(issue=issue, number=1, name="要闻")
    image = page_images.set_image(page, pdf(), user=None, at=now)
    edition = Edition.objects.create(number=1, date=now.date(), release_at=now, sha256="x")
    page_printed = {"folder": "sheets/printed", "widths": [240], "has_pdf": True}
    EditionPage.objects.create(edition=edition, number=1, name="要闻", image=page_printed)
    for name in ("w240.webp", "page.pdf"):
        default_storage.save(f"sheets/printed/{name}", ContentFile(b"page"))
    Paper.objects.get().logo.save("logo.png", ContentFile(factories.picture("PNG")))
    return {
        "an original": photo.file.name,
        "a rendition": f"{photo.folder}/w64.avif",
        "a crop": f"{photo.folder}/c64.webp",
        "a JPEG": f"{photo.folder}/w64.jpg",
        "a photo in print": f"{printed.folder}/w64.webp",
        "the picture of a page": f"{image.folder}/w240.webp",
        "the PDF of a page": f"{image.folder}/page.pdf",
        "the picture of a page in print": "sheets/printed/w240.webp",
        "the PDF of a page in print": "sheets/printed/page.pdf",
        "the logo": Paper.objects.get().logo.name,
    }


def test_a_backup_holds_database_and_photos(everything, source, target, tmp_path):
    said, warned = back_up(target)
    assert str(target) in said
    assert warned == ""
    assert target.stat().st_mode & 0o077 == 0
    assert left_in(target.parent) == [target.name]
    with tarfile.open(target) as archive:
        archive.extractall(tmp_path / "back")
    back = tmp_path / "back"
    for name in everything.values():
        with default_storage.open(name) as kept:
            assert (back / backup.MEDIA_NAME / name).read_bytes() == kept.read()
    if ON_SQLITE:
        with sqlite3.connect(back / backup_database.SQLITE_NAME) as copy:
            assert copy.execute("SELECT name FROM town").fetchall() == [("白沙镇",)]
    else:
        dump = str(back / backup_database.POSTGRES_NAME)
        listed = subprocess.run(["pg_restore", "--list", dump], capture_output=True, text=True)
        assert "TABLE public press_story" in listed.stdout


def test_every_file_in_the_storage_is_named_by_a_row(everything):
    """A new kind of file must be added to `named_files`, or backups would lack it."""
    assert {file.name for file in named_files()} == set(MediaFiles().sizes())


KINDS = [
    *("an original", "a rendition", "a crop", "a JPEG", "a photo in print"),
    *("the picture of a page", "the PDF of a page", "the picture of a page in print"),
    *("the PDF of a page in print", "the logo"),
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("how", ["gone", "empty"])
def test_a_missing_file_stops_the_backup_and_is_named(everything, source, target, kind, how):
    name = everything[kind]
    default_storage.delete(name)
    if how == "empty":
        default_storage.save(name, ContentFile(b""))
    with pytest.raises(CommandError) as refused:
        back_up(target)
    assert name in str(refused.value)
    assert re.search(r"\b22 个文件，其中 1 个", str(refused.value))
    assert "--allow-missing" in str(refused.value)
    assert left_in(target.parent) == []


def test_of_many_missing_files_the_first_and_their_number_are_said(everything, source, target):
    names = sorted(everything.values())
    for name in names:
        default_storage.delete(name)
    with pytest.raises(CommandError) as refused:
        back_up(target)
    assert f"其中 {len(names)} 个" in str(refused.value)
    assert sum(name in str(refused.value) for name in names) == 5


def test_a_backup_without_the_missing_files_is_made_on_request_and_says_so(
    everything, source, target, tmp_path
):
    name = everything["an original"]
    default_storage.delete(name)
    said, warned = back_up(target, allow_missing=True)
    assert str(target) in said
    assert name in warned
    with tarfile.open(target) as archive:
        listed = archive.extractfile(backup.MISSING_NAME).read().decode()
    photo = Photo.objects.get()
    assert listed == f"{name}\tphotos.Photo {photo.pk}\n"
    assert f"{backup.MEDIA_NAME}/{everything['the logo']}" in names_in(target)


def test_a_media_folder_that_is_not_mounted_is_no_paper_without_photos(
    everything, source, target, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path / "elsewhere"
    with pytest.raises(CommandError, match=r"elsewhere[\s\S]*NEWSROOM_MEDIA_DIR"):
        back_up(target)
    (tmp_path / "elsewhere").mkdir()
    with pytest.raises(CommandError, match="--allow-missing"):
        back_up(target)
    assert left_in(target.parent) == []


@pytest.mark.django_db
def test_a_backup_holds_the_photos_of_a_bucket(store, now, source, target, monkeypatch):
    made = add_photo(data=factories.picture(), caption="", user=None, at=now)
    back_up(target)
    with tarfile.open(target) as archive, made.file.open() as kept:
        stream = archive.extractfile(f"{backup.MEDIA_NAME}/{made.file.name}")
        assert stream.read() == kept.read()
    assert f"{backup.MEDIA_NAME}/{made.folder}/w64.jpg" in names_in(target)
    default_storage.delete(made.file.name)
    with pytest.raises(CommandError, match=made.file.name):
        back_up(target, overwrite=True)
    assert f"{backup.MEDIA_NAME}/{made.file.name}" in names_in(target)


@pytest.mark.django_db
def test_a_bucket_that_does_not_answer_is_said(settings, source, target):
    bucket = {"bucket_name": "paper", "endpoint_url": "http://127.0.0.1:9", "region_name": "x"}
    keys = {"access_key": "test", "secret_key": "test", "addressing_style": "path"}
    where = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": settings.S3 | bucket | keys}
    settings.STORAGES = {**settings.STORAGES, "default": where}
    with pytest.raises(CommandError, match=r"127\.0\.0\.1:9"):
        back_up(target)
    assert left_in(target.parent) == []


def test_part_of_the_photos_may_lie_on_another_disk(everything, source, target, tmp_path):
    """A symbolic link in the folder is followed: its files are in the backup."""
    media, other = Path(default_storage.location), tmp_path / "other-disk"
    shutil.move(media / "originals", other)
    (media / "originals").symlink_to(other)
    back_up(target)
    assert f"{backup.MEDIA_NAME}/{everything['an original']}" in names_in(target)


def test_a_photo_deleted_meanwhile_is_not_missing(everything, source, target, monkeypatch):
    """The copy of the database is then older than the storage, and both are copied again."""
    extra = add_photo(data=factories.picture(), caption="", user=None, at=dt.datetime.now(dt.UTC))
    calls = []

    def sizes(media: MediaFiles) -> dict[str, int]:
        calls.append(1)
        if len(calls) == 1:
            for name in [extra.file.name, *default_storage.listdir(extra.folder)[1]]:
                default_storage.delete(name if "/" in name else f"{extra.folder}/{name}")
            Photo.objects.filter(pk=extra.pk).delete()
        return dict(MediaFiles._in_folder(media.folder))

    monkeypatch.setattr(MediaFiles, "sizes", sizes)
    back_up(target)
    assert len(calls) == 2
    assert f"{backup.MEDIA_NAME}/{extra.file.name}" not in names_in(target)


@pytest.mark.django_db
def test_a_backup_that_is_there_is_not_overwritten_unasked(source, target, paper):
    target.write_bytes(b"yesterday")
    with pytest.raises(CommandError, match="--overwrite"):
        back_up(target)
    assert target.read_bytes() == b"yesterday"
    back_up(target, overwrite=True)
    assert names_in(target)


@pytest.mark.django_db
def test_into_a_folder_goes_a_name_with_the_time(source, tmp_path, paper):
    (tmp_path / "disk").mkdir()
    back_up(tmp_path / "disk")
    assert len(list((tmp_path / "disk").glob("newsroom-*.tar.gz"))) == 1


@pytest.mark.django_db
def test_a_backup_among_the_photos_would_hold_itself(source, paper):
    Path(default_storage.location).mkdir(parents=True, exist_ok=True)
    with pytest.raises(CommandError, match=r"paper\.tar\.gz"):
        back_up(Path(default_storage.location) / "paper.tar.gz")


@pytest.mark.django_db
def test_a_folder_that_cannot_be_made_is_said(source, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError, match="file"):
        back_up(tmp_path / "file" / "paper.tar.gz")


@pytest.mark.skipif(not ON_SQLITE, reason="a file of SQLite")
@pytest.mark.django_db
def test_a_database_that_is_not_there_is_not_made(settings, tmp_path, target, monkeypatch):
    monkeypatch.setitem(settings.DATABASES["default"], "NAME", str(tmp_path / "no.sqlite3"))
    with pytest.raises(CommandError, match="NEWSROOM_DATA_DIR"):
        back_up(target)
    assert not (tmp_path / "no.sqlite3").exists()


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("", "postgresql-client"),
        ("echo 'server version mismatch' >&2; exit 1", "server version mismatch"),
        ("exit 3", "3"),
        ("exit 0", "pg_dump"),
    ],
)
def test_pg_dump_that_is_missing_or_fails_is_said(tmp_path, monkeypatch, script, said):
    monkeypatch.setenv("PATH", str(tmp_path))
    if script:
        (tmp_path / "pg_dump").write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / "pg_dump").chmod(0o755)
    database = {"ENGINE": "django.db.backends.postgresql", "NAME": "paper"}
    with pytest.raises(backup.BackupFailed, match=said):
        backup_database.copy_database(tmp_path, database)


def test_pg_dump_uses_the_address_of_the_settings_whole():
    database = {"NAME": "paper", "HOST": "db", "OPTIONS": {"sslmode": "require", "pool": True}}
    env = backup_database._environment(database)
    assert env == {"PGDATABASE": "paper", "PGHOST": "db", "PGSSLMODE": "require"}


def test_the_readers_process_makes_no_backup(settings, target):
    settings.HAS_DESK = False
    with pytest.raises(CommandError):
        back_up(target)
