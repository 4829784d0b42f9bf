"""Rule: importing the project creates and starts nothing; only `migrate` and `serve` do."""

from __future__ import annotations

import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from newsroom import wsgi
from newsroom.management.commands import serve
from outbox import runner
from tests.helpers.layers import LEVEL
from tests.helpers.paths import ROOT
from tests.helpers.processes import SOUND, environ_of, free_port, manage

APPS = sorted(LEVEL)
#: Import everything, and print the side effects.
IMPORT_ALL = f"""
import os, pkgutil, sys, threading
from importlib import import_module

APPS = {APPS!r}
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
DEEDS = ("os.mkdir", "os.rename", "os.remove", "os.fork", "sqlite3.connect", "socket.connect",
         "socket.bind", "subprocess.Popen")

def note(name, args):
    is_write = name == "open" and args[2] & WRITES and str(args[0]) != "/dev/null"
    if is_write or name in DEEDS:
        print("deed", name, args, file=sys.stderr)

sys.dont_write_bytecode = True
sys.addaudithook(note)
import django
os.environ["DJANGO_SETTINGS_MODULE"] = "newsroom.settings"
django.setup()
for app in APPS:
    for module in pkgutil.walk_packages(import_module(app).__path__, app + "."):
        if module.name != "newsroom.settings.testing":
            import_module(module.name)
            print(module.name)
if threading.active_count() > 1:
    print("deed", threading.enumerate(), file=sys.stderr)
"""


@pytest.mark.parametrize("env", [{"NEWSROOM_DEMO": "1"}, SOUND], ids=["demo", "production"])
def test_importing_every_module_writes_connects_and_starts_nothing(tmp_path, env):
    data = tmp_path / "data"
    done = _python(IMPORT_ALL, data, env)
    assert done.returncode == 0, done.stderr
    assert {"newsroom.wsgi", "reader.urls"} <= set(done.stdout.split())
    assert [line for line in done.stderr.splitlines() if line.startswith("deed")] == []
    assert not data.exists()


def _python(code: str, data: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run Python code like `manage.py`, without settings loaded before."""
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environ_of(data, **env),
        capture_output=True,
        text=True,
    )


def test_the_product_does_not_know_that_it_is_tested():
    """Only `newsroom.settings.testing` differs in tests."""
    files = [path for app in APPS for path in (ROOT / app).rglob("*.py")] + [ROOT / "manage.py"]
    named = re.compile(r"pytest|\bTESTING\b|sys\.modules")
    assert [str(path) for path in files if named.search(path.read_text("utf-8"))] == []


def test_migrate_creates_the_secret_of_the_demo_and_check_does_not(tmp_path):
    data, demo = tmp_path / "data", {"NEWSROOM_DEMO": "1"}
    assert manage("check", data=data, **demo).returncode == 0
    assert not data.exists()
    done = manage("migrate", "--verbosity", "0", data=data, **demo)
    assert done.returncode == 0, done.stderr
    secret = data / "demo-secret"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert len(secret.read_text()) > 50
    look = manage(
        "shell",
        "-c",
        "from django.conf import settings; print(settings.SECRET_KEY)",
        data=data,
        **demo,
    )
    assert look.stdout.split()[-1] == secret.read_text()


def test_a_secret_that_is_given_is_the_secret_of_the_demo(tmp_path):
    done = manage("migrate", "--verbosity", "0", data=tmp_path, NEWSROOM_DEMO="1", **SOUND)
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "demo-secret").exists()


def test_each_worker_of_the_server_starts_its_outbox_runner(monkeypatch, settings):
    """The server starts it; importing the application does not."""
    started, served = [], []

    class Server:
        def __init__(self, target: str, *, factory: bool, **_more: object) -> None:
            served.append((target, factory))

        def serve(self) -> None:
            pass

    monkeypatch.setattr(serve, "Granian", Server)
    monkeypatch.setattr(runner, "start", lambda: started.append("runner"))
    monkeypatch.delenv("NEWSROOM_BIND", raising=False)
    call_command("serve", bind=f"127.0.0.1:{free_port()}", skip_checks=True)
    assert served == [("newsroom.wsgi:start_worker", True)]
    assert started == []
    assert wsgi.start_worker() is wsgi.application
    assert started == ["runner"]
    settings.HAS_OUTBOX_RUNNER = False
    wsgi.start_worker()
    assert started == ["runner"]
