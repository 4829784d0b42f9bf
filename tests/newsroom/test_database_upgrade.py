"""Rule: a database of each released version migrates to the newest schema, with data and seals.

`tools/store_database.py` stores the databases; a stored one is never replaced.
"""

from __future__ import annotations

import gzip
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from tests.helpers.paths import DATA, ROOT
from tests.helpers.processes import environ_of

STORED = DATA / "databases"
VERSIONS = sorted(path.name.removesuffix(".sqlite3.gz") for path in STORED.glob("*.sqlite3.gz"))
#: Tables of records: a migration must not lose any row of them.
SEALED = [
    "articles_article",
    "articles_revision",
    "articles_review",
    "articles_logentry",
    "issues_issue",
    "issues_issuelogentry",
    "press_story",
    "press_edition",
    "bylines_contributor",
]

Ask = Callable[[str], int]


def run(folder: Path, url: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the paper in `folder`, in a separate process."""
    env = environ_of(folder, NEWSROOM_DEMO="1")
    if url:
        env["DATABASE_URL"] = url
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)


def check_upgrade(folder: Path, url: str, ask: Ask) -> None:
    """Migrate, and compare rows and seals."""
    before = {table: ask(f"SELECT count(*) FROM {table}") for table in SEALED}
    assert min(before.values()) > 0, "the stored paper has rows of each kind"
    migrated = run(folder, url, "migrate", "--verbosity", "0")
    assert migrated.returncode == 0, migrated.stderr
    assert run(folder, url, "migrate", "--check").returncode == 0
    assert {table: ask(f"SELECT count(*) FROM {table}") for table in SEALED} == before
    verified = run(folder, url, "verify_signatures")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert str(before["articles_article"]) in verified.stdout


def test_a_database_of_0_2_is_stored():
    assert "0.2" in VERSIONS


@pytest.mark.parametrize("version", VERSIONS)
def test_a_stored_sqlite_database_is_upgraded_whole(tmp_path, version):
    path = tmp_path / "newsroom.sqlite3"
    path.write_bytes(gzip.decompress((STORED / f"{version}.sqlite3.gz").read_bytes()))

    def ask(sql: str) -> int:
        with closing(sqlite3.connect(path)) as database:
            return database.execute(sql).fetchone()[0]

    check_upgrade(tmp_path, "", ask)


@pytest.fixture
def empty_database() -> Iterator[str]:
    """Return the URL of a new PostgreSQL database on the test server."""
    if connection.vendor != "postgresql":
        pytest.skip("needs DATABASE_URL of a PostgreSQL server")
    where, name = connection.settings_dict, f"upgrade_{uuid.uuid4().hex[:12]}"
    login = f"{where['USER']}:{where['PASSWORD']}" if where["PASSWORD"] else where["USER"]
    server = f"postgres://{login}@{where['HOST']}:{where['PORT'] or 5432}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        try:
            yield f"{server}/{name}"
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.parametrize("version", VERSIONS)
def test_a_stored_postgresql_database_is_upgraded_whole(tmp_path, empty_database, version):
    stored = gzip.decompress((STORED / f"{version}.postgresql.sql.gz").read_bytes()).decode()
    with psycopg.connect(empty_database, autocommit=True) as database:
        database.execute(stored)

        def ask(sql: str) -> int:
            return database.execute(sql).fetchone()[0]

        check_upgrade(tmp_path, empty_database, ask)
