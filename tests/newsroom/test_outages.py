"""Rule: during a fault of disk or database, URLs return 503 with a message; nothing is lost."""

from __future__ import annotations

import html
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import Error, OperationalError
from django.utils import timezone

from paper.outages import outage_of
from photos.sandbox import limits
from press import content_version as press_clock
from tests.helpers.outage_scene import LONG, TYPED
from tests.helpers.paths import ROOT
from tests.helpers.processes import SOUND, free_port, run_python

WRITES = ["log in", "log in in English", "log in wrongly", "save", "save a new article"]
WRITES += ["autosave", "take", "upload"]
#: Requests that a limit on the pages of the file stops; small writes fit into existing pages.
LARGE_WRITES = ["save", "save a new article", "autosave"]


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Path:
    """Return the data folder of a demo paper, to be copied."""
    data = tmp_path_factory.mktemp("demo")
    run_python("manage.py", "migrate", "--verbosity", "0", data=data)
    run_python("manage.py", "demo", data=data)
    return data


def scene(fault: str, data: Path) -> dict[str, dict[str, Any]]:
    done = run_python("-m", "tests.helpers.outage_scene", fault, data=data)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert "Traceback" not in done.stderr
    return {row["name"]: row for row in rows}


def check(rows: dict[str, dict[str, Any]], stopped: list[str], words: str, after: str) -> None:
    """Check that writes return 503 with a message and the input, and that reads succeed."""
    for name, row in rows.items():
        if name not in stopped:
            if name not in (*WRITES, "login page"):
                assert row["status"] == 200, name
            continue
        assert row["status"] == 503, name
        assert row["headers"]["Retry-After"] == after, name
        assert row["headers"]["Cache-Control"] == "no-store", name
        if row["headers"]["Content-Type"] == "application/json":
            assert words in json.loads(row["text"])["message"], name
        elif name != "log in in English":
            assert words in row["text"], name
        if name in ("save", "save a new article"):
            text = row["text"].replace("\r\n", "\n")
            assert f'name="headline" value="{html.escape(TYPED)}"' in text
            assert html.escape(LONG) in text
    if "log in" in stopped:
        # Right and wrong passwords get the same response, which is not "too many attempts".
        assert rows["log in"]["text"] == rows["log in wrongly"]["text"]
        assert "密码错了" in rows["log in"]["text"]
        assert "newsroom-demo" not in rows["log in"]["text"]
        english = rows["log in in English"]
        assert english["headers"]["Content-Language"] == "en"
        assert '<html lang="en">' in english["text"]
        assert "your password is not the problem" in english["text"]


@pytest.mark.parametrize(
    ("fault", "stopped", "words", "after"),
    [
        ("full", LARGE_WRITES, "磁盘满了", "60"),
        ("read-only", WRITES, "只能读", "60"),
        ("unwritable", WRITES, "只能读", "60"),
        ("locked", WRITES, "数据库正忙", "10"),
    ],
)
def test_what_cannot_be_written_is_said_and_reading_goes_on(
    demo, tmp_path, fault, stopped, words, after
):
    data = tmp_path / "data"
    shutil.copytree(demo, data)
    check(scene(fault, data), stopped, words, after)


def test_a_disk_full_to_the_last_byte(demo, tmp_path):
    data = tmp_path / "disk"
    data.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", str(data)]
    if os.geteuid() or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("may not mount a small disk")
    try:
        shutil.copytree(demo, data, dirs_exist_ok=True)
        check(scene("full disk", data), WRITES, "磁盘满了", "60")
    finally:
        subprocess.run(["umount", str(data)], check=True)


def test_without_a_fault_the_scene_is_an_ordinary_evening(demo, tmp_path):
    """This proves that the faults above stop the writes."""
    data = tmp_path / "data"
    shutil.copytree(demo, data)
    rows = scene("none", data)
    assert {rows[name]["status"] for name in ("log in", "save", "save a new article")} == {302}
    assert {rows[name]["status"] for name in ("autosave", "upload")} == {200}


# Cached public pages while the database does not respond.


class _Fails:
    def __init__(self, error: Error) -> None:
        self.error = error

    def __call__(self, *_args: object) -> str:
        raise self.error


def _unanswered(words: str) -> OperationalError:
    import psycopg

    error = OperationalError("x")
    error.__cause__ = psycopg.OperationalError(words)
    return error


REFUSED = (
    'connection failed: connection to server at "127.0.0.1", port 1 failed: Connection refused'
)
TIMED_OUT = 'connection failed: connection to server at "10.0.0.5", port 5432 failed: timeout'


def test_kept_pages_hold_while_the_server_is_stopped_and_nothing_is_due(paper, monkeypatch):
    clock = press_clock.VersionTracker()
    content_version = clock.content_version()
    monkeypatch.setattr(press_clock, "_read_version", _Fails(_unanswered(REFUSED)))
    assert clock.content_version() is content_version
    late = content_version.until + timezone.timedelta(seconds=1)
    monkeypatch.setattr(press_clock.timezone, "now", lambda: late)
    with pytest.raises(OperationalError):
        clock.content_version()


def test_a_server_that_may_work_for_others_is_not_taken_for_stopped(paper, monkeypatch):
    """A story may be withdrawn over another connection, so cached pages are not served."""
    clock = press_clock.VersionTracker()
    clock.content_version()
    for words in (TIMED_OUT, f"{TIMED_OUT}\n{REFUSED}", "the connection is closed"):
        monkeypatch.setattr(press_clock, "_read_version", _Fails(_unanswered(words)))
        with pytest.raises(OperationalError):
            clock.content_version()


def test_a_photo_that_found_no_room_is_not_called_damaged(monkeypatch, tmp_path):
    module = tmp_path / "fails.py"
    for words, raised in (
        ("raise OSError(28, 'No space left on device')", OSError),
        ("raise OSError(5, 'x')", OSError),
        ("raise OSError(22, 'x')", None),
        ("raise ValueError('OSError: [Errno 28] no')", None),
    ):
        module.write_text(words)
        monkeypatch.setattr(limits.settings, "BASE_DIR", tmp_path)
        how = limits.Limits(cpu=5, wall=20, memory=2_000_000_000)
        if raised:
            with pytest.raises(raised) as error:
                limits.run_limited("fails", {}, how)
            assert outage_of(error.value)
        else:
            assert limits.run_limited("fails", {}, how) == {"error": "damaged"}


def test_a_command_says_it_in_a_sentence(tmp_path):
    url = f"postgres://paper@127.0.0.1:{free_port()}/paper"
    env = {k: v for k, v in os.environ.items() if not k.startswith("NEWSROOM")}
    env |= SOUND | {"DATABASE_URL": url, "NEWSROOM_DATA_DIR": str(tmp_path)}
    command = [sys.executable, "manage.py", "verify_signatures"]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 1
    assert "数据库没有应答" in done.stderr
    assert "Traceback" not in done.stderr
