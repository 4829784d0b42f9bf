"""Rule: an interrupted backup leaves nothing that looks like a backup."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.helpers.paths import ROOT, left_in
from tests.helpers.processes import SOUND, environ_of


@pytest.fixture(scope="module")
def large_paper(tmp_path_factory) -> dict[str, str]:
    """Return the environment of a paper with 64 MB of photos and a SQLite file."""
    data = tmp_path_factory.mktemp("large")
    env = environ_of(data, **SOUND)
    migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(migrate, cwd=ROOT, env=env, check=True)
    (data / "media").mkdir()
    for number in range(16):
        (data / "media" / f"{number}.jpg").write_bytes(os.urandom(4 * 2**20))
    return env


def start(env: dict[str, str], target: Path, **how) -> subprocess.Popen[str]:
    command = [sys.executable, "manage.py", "backup", str(target)]
    return subprocess.Popen(
        command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **how
    )


def is_writing(folder: Path) -> bool:
    return any(path.stat().st_size > 2**20 for path in folder.glob(".*/archive"))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL])
def test_what_is_stopped_half_way_leaves_nothing_that_looks_like_a_backup(
    large_paper, target, number
):
    process = start(large_paper, target)
    while process.poll() is None and not is_writing(target.parent):
        time.sleep(0.01)
    process.send_signal(number)
    _out, err = process.communicate()
    assert process.returncode != 0
    assert [name for name in left_in(target.parent) if not name.startswith(".")] == []
    if number == signal.SIGKILL:
        assert left_in(target.parent) != []
    else:
        assert signal.Signals(number).name in err
        assert "Traceback" not in err
        assert left_in(target.parent) == []
    again = start(large_paper, target)
    assert again.wait() == 0, again.communicate()
    assert left_in(target.parent) == [target.name]


def test_a_running_backup_keeps_its_work_folder(large_paper, target):
    first = start(large_paper, target)
    while first.poll() is None and not is_writing(target.parent):
        time.sleep(0.01)
    second = start(large_paper, target.with_name("second.tar.gz"))
    assert (first.wait(), second.wait()) == (0, 0)
    assert left_in(target.parent) == [target.name, "second.tar.gz"]


def _small_files() -> None:
    """Limit the files of this process to 20 MB, like a full disk."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20 * 2**20,) * 2)


def test_a_limit_of_the_disk_is_said_and_leaves_nothing(large_paper, target):
    process = start(large_paper, target, preexec_fn=_small_files)
    _out, err = process.communicate()
    assert process.returncode == 1
    assert "Traceback" not in err
    assert str(target.parent) in err
    assert left_in(target.parent) == []


@pytest.fixture
def small_disk(tmp_path):
    """Mount a disk of 12 MB, which requires root."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(disk)]
    if os.geteuid() or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("may not mount a small disk")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.parametrize("taken", [0, 11])
def test_a_full_disk_is_said_and_leaves_nothing(large_paper, small_disk, taken):
    """The disk is full while the photos are written, or already when the database is copied."""
    (small_disk / "other").write_bytes(b"x" * taken * 2**20)
    process = start(large_paper, small_disk / "paper.tar.gz")
    _out, err = process.communicate()
    assert process.returncode == 1
    assert "Traceback" not in err
    assert str(small_disk) in err
    assert "满" in err
    assert left_in(small_disk) == ["other"]


def test_a_folder_that_this_user_may_not_write_to_is_said(large_paper, tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o555)
    # Root may write anywhere unless it drops the capability.
    plain = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all"]
    command = [*([] if os.geteuid() else plain), sys.executable, "manage.py", "backup"]
    how = {"cwd": ROOT, "env": large_paper, "capture_output": True, "text": True}
    done = subprocess.run([*command, str(closed / "paper.tar.gz")], **how)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert str(closed) in done.stderr
    assert "用户" in done.stderr
    assert left_in(closed) == []
