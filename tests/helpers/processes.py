"""Run commands of the paper in separate processes, like an operator."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

from tests.helpers.paths import ROOT

#: The environment of a paper in production.
SOUND = {
    "NEWSROOM_SECRET_KEY": "a-sound-secret-of-more-than-fifty-letters-for-the-tests",
    "NEWSROOM_HOSTS": "paper.example",
    "NEWSROOM_DESK_ADDRESS": "https://paper.example",
    "NEWSROOM_EMAIL_URL": "smtp://mail.paper.example:25",
}


def environ_of(data: Path, **more: str) -> dict[str, str]:
    """Return the environment of a process whose paper is in `data`, without our own settings."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("NEWSROOM", "DATABASE_URL"))}
    return {**clean, "NEWSROOM_DATA_DIR": str(data), **more}


def manage(*args: str, data: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a command of manage.py."""
    return subprocess.run(
        [sys.executable, "manage.py", *args],
        cwd=ROOT,
        env=environ_of(data, **env),
        capture_output=True,
        text=True,
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run_python(*command: str, data: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run Python over the demo paper in `data`; it must succeed."""
    env = environ_of(data, NEWSROOM_DEMO="1", **more)
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=env, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done
