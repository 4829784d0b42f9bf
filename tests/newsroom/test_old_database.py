"""Rule: a database of version 0.1 is recognised before any change, and refused with a message."""

from __future__ import annotations

import os
import pty
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from django.core.management import CommandError
from django.utils import timezone

from newsroom import data_folder, old_database
from newsroom.management.commands.migrate import Command
from newsroom.old_database import APP, FIRST_MIGRATION, OLD_MIGRATION, is_from_0_1
from tests.helpers.paths import ROOT
from tests.helpers.processes import SOUND, environ_of

DEMO = {"NEWSROOM_DEMO": "1"}
OLD = {(APP, OLD_MIGRATION), ("auth", "0001_initial"), (APP, "0002_more")}
#: Run a command with this version's first migration.
AS_RELEASED = f"""
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "newsroom.settings"
from newsroom import old_database
old_database.released_migrations = lambda: {{{FIRST_MIGRATION!r}}}
import manage
sys.argv = ["manage.py", *sys.argv[1:]]
manage.main()
"""


@pytest.mark.parametrize(
    ("applied", "released", "is_old"),
    [
        (OLD, {FIRST_MIGRATION}, True),
        (OLD, {FIRST_MIGRATION, "0002_more"}, True),
        (set(), {FIRST_MIGRATION}, False),
        ({(APP, FIRST_MIGRATION)}, {FIRST_MIGRATION, "0002_more"}, False),
        ({(APP, FIRST_MIGRATION), (APP, "0009_later")}, {FIRST_MIGRATION}, False),
        # Other packages have a migration with that name too.
        ({("auth", OLD_MIGRATION)}, {FIRST_MIGRATION}, False),
        # This is the name in version 0.1 itself.
        (OLD, {OLD_MIGRATION, "0002_more"}, False),
    ],
)
def test_only_a_database_of_0_1_is_recognised(applied, released, is_old):
    assert is_from_0_1(applied, released) is is_old


def test_the_migrations_of_this_version_are_of_one_generation():
    """Otherwise no old database is recognised."""
    released = old_database.released_migrations()
    assert len({FIRST_MIGRATION, OLD_MIGRATION} & released) == 1


def test_what_was_applied_is_read_from_the_table(db):
    assert ("auth", "0001_initial") in old_database.applied_migrations("default")


def make_old(data: Path) -> Path:
    """Create a database of version 0.1 in the folder of a demo."""
    data.mkdir()
    (data / "demo-paper").write_text("http://127.0.0.1:8000\n")
    (data / "demo-secret").write_text("old")
    path = data / "newsroom.sqlite3"
    with closing(sqlite3.connect(path)) as old:
        old.execute("CREATE TABLE django_migrations (id INTEGER PRIMARY KEY, app, name, applied)")
        rows = [(app, name, "2026-01-01") for app, name in sorted(OLD)]
        old.executemany("INSERT INTO django_migrations (app, name, applied) VALUES (?, ?, ?)", rows)
        old.commit()
    return path


def tables(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as database:
        return {name for (name,) in database.execute("SELECT name FROM sqlite_master")}


def migrate(
    data: Path, *words: str, stdin: int = subprocess.DEVNULL, **env: str
) -> subprocess.CompletedProcess[str]:
    """Run `migrate` in a separate process."""
    return subprocess.run(
        [sys.executable, "-c", AS_RELEASED, "migrate", "--verbosity", "0", *words],
        cwd=ROOT,
        env=environ_of(data, **env),
        stdin=stdin,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("words", [(), ("--fake",), ("--check",), ("--no-input",)])
def test_an_old_paper_is_refused_in_both_languages_and_left_as_it_is(tmp_path, words):
    path = make_old(tmp_path / "data")
    before = tables(path)
    done = migrate(path.parent, *words, **SOUND)
    assert done.returncode == 1
    chinese, english = done.stderr.strip().splitlines()
    assert "0.1 版" in chinese
    assert "没有做任何改动" in chinese
    assert "version 0.1" in english
    assert "DATABASE_URL" in english
    assert tables(path) == before


def test_an_old_demo_is_refused_with_the_command_that_renames_it(tmp_path):
    path = make_old(tmp_path / "data")
    done = migrate(path.parent, **DEMO)
    assert done.returncode == 1
    assert "./run migrate --put-old-demo-aside" in done.stderr
    assert "不删除" in done.stderr
    assert [one.name for one in tmp_path.iterdir()] == ["data"]


def test_the_command_renames_the_old_demo_and_creates_new_tables(tmp_path):
    path = make_old(tmp_path / "data")
    done = migrate(path.parent, "--put-old-demo-aside", **DEMO)
    assert done.returncode == 0, done.stderr
    aside = tmp_path / f"data-0.1-{timezone.localdate():%Y%m%d}"
    assert str(aside) in done.stderr
    assert (aside / "demo-secret").read_text() == "old"
    assert len(tables(aside / path.name)) == 1
    assert "articles_article" in tables(path)
    assert (path.parent / "demo-secret").read_text() != "old"


def test_a_real_paper_is_never_renamed(tmp_path):
    path = make_old(tmp_path / "data")
    done = migrate(path.parent, "--put-old-demo-aside", **SOUND)
    assert done.returncode == 1
    assert path.exists()


@pytest.mark.parametrize(("typed", "is_agreed"), [(b"y\n", True), (b"\n", False)])
def test_on_a_terminal_it_asks(tmp_path, typed, is_agreed):
    path = make_old(tmp_path / "data")
    ours, theirs = pty.openpty()
    os.write(ours, typed)
    done = migrate(path.parent, stdin=theirs, **DEMO)
    assert "另建一份新的？[y/N]" in done.stdout
    assert (done.returncode == 0) is is_agreed, done.stderr
    assert ("articles_article" in tables(path)) is is_agreed


def test_a_second_old_demo_gets_another_name(tmp_path, settings, now):
    settings.DATA_DIR = tmp_path / "data"
    day = timezone.localdate(now)
    first = data_folder.name_aside(day)
    first.mkdir()
    assert data_folder.name_aside(day).name == f"{first.name}-2"


def test_a_folder_that_cannot_be_renamed_is_said_in_words(tmp_path, settings, monkeypatch):
    settings.DATA_DIR = tmp_path / "nowhere"
    monkeypatch.setattr(data_folder, "can_be_put_aside", lambda: True)
    with pytest.raises(CommandError, match="没有改名"):
        Command()._put_aside(True, may_ask=False)


def test_make_run_goes_through_the_same_command():
    script = (ROOT / "tools" / "run.sh").read_text("utf-8")
    assert "manage.py migrate --verbosity 0" in script
