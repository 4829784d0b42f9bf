"""Store the demo paper as a database of this version, for the test of upgrades.

`python tools/store_database.py 0.2` writes two files into tests/data/databases: the SQLite file
and, with `DATABASE_URL` of a PostgreSQL server on which databases can be created, a dump in SQL.
Run it once when a version is released; `tests/newsroom/test_database_upgrade.py` migrates what is
stored.
"""

from __future__ import annotations

import gzip
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "tests" / "data" / "databases"
SCRATCH = "newsroom_store"


def build_demo(folder: Path, url: str = "") -> None:
    """Create the demo paper in `folder`, on the database at `url` (default: SQLite there)."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("NEWSROOM", "DATABASE_URL"))}
    env |= {"NEWSROOM_DEMO": "1", "NEWSROOM_DATA_DIR": str(folder)}
    if url:
        env["DATABASE_URL"] = url
    for command in (["migrate", "--verbosity", "0"], ["demo"]):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=env, check=True)


def store_sqlite(version: str) -> Path:
    """Store the SQLite file of a demo paper, without its free pages."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "paper"
        build_demo(folder)
        copy = Path(name) / "copy.sqlite3"
        with closing(sqlite3.connect(folder / "newsroom.sqlite3")) as database:
            database.execute("DELETE FROM django_session")
            database.commit()
            database.execute("VACUUM INTO ?", [str(copy)])
        return _write(FOLDER / f"{version}.sqlite3.gz", copy.read_bytes())


def store_postgresql(version: str, url: str) -> Path:
    """Store a dump of a demo paper in plain SQL, free of owners and of psql's own commands."""
    base = re.sub(r"/[^/]*$", "", url)
    subprocess.run(["psql", "-q", url, "-c", f"CREATE DATABASE {SCRATCH}"], check=True)
    try:
        with tempfile.TemporaryDirectory() as name:
            build_demo(Path(name) / "paper", f"{base}/{SCRATCH}")
        options = ["--inserts", "--no-owner", "--no-privileges"]
        dump = subprocess.run(
            ["pg_dump", *options, f"{base}/{SCRATCH}"], check=True, capture_output=True, text=True
        ).stdout
    finally:
        subprocess.run(["psql", "-q", url, "-c", f"DROP DATABASE {SCRATCH}"], check=True)
    # What only psql understands, or another version of the server may not know.
    dump = re.sub(r"^(\\(un)?restrict .*|SET (?!check_function_bodies).*;)$", "", dump, flags=re.M)
    dump = dump.replace("SELECT pg_catalog.set_config('search_path', '', false);", "")
    return _write(FOLDER / f"{version}.postgresql.sql.gz", dump.encode())


def _write(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(content, mtime=0))
    return path


def main() -> None:
    """Store the database of the version that the command line names."""
    version, url = sys.argv[1], os.environ.get("DATABASE_URL", "")
    print(store_sqlite(version))
    if url:
        print(store_postgresql(version, url))


if __name__ == "__main__":
    main()
