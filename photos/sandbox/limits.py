"""Sandboxed subprocess: runs a job within limits of time and memory."""

from __future__ import annotations

import errno
import json
import os
import re
import resource
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from paper.outages import outage_of

#: The end of Python's traceback for an operating system error.
_OS_ERROR = re.compile(rb"^(?:OSError|PermissionError): \[Errno (\d+)\] ([^\n]*)", re.M)
#: The job yields CPU time to requests.
_NICENESS = 5
#: Signals by which somebody else ends a process: the kernel when memory is short, a restart of the
#: server, an administrator. Any other signal is the fault of the job itself.
_FROM_OUTSIDE = frozenset({signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP})
#: Errors that temporarily prevent the system from starting a process.
_NO_PROCESS = frozenset({errno.EAGAIN, errno.ENOMEM})


class WorkerStopped(Exception):
    """The job was stopped from outside, or not started, which is no fault of the file.

    `is_soon` states that trying again at once makes sense.
    """

    def __init__(self, *, is_soon: bool) -> None:
        super().__init__("stopped")
        self.is_soon = is_soon


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds of CPU time, seconds of wall time, and bytes of memory."""

    cpu: int
    wall: int
    memory: int


def run_limited(module: str, job: Mapping[str, Any], limits: Limits) -> dict[str, Any]:
    """Run `python -m module` on `job` and return its result: JSON in, JSON out.

    Returns {"error": "too-much-work"} if it exceeded a limit or crashed, {"error": "damaged"} if it
    failed. Raises WorkerStopped if it was stopped from outside or did not finish in time although
    it had CPU time left, and OSError if it could not write, as on a full disk: no fault of the
    file.
    """

    def bound() -> None:
        os.nice(_NICENESS)
        # The kernel sends SIGXCPU at the first number and SIGKILL at the second. Only SIGXCPU
        # distinguishes an exceeded limit from a process that was killed from outside.
        resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu, limits.cpu + 1))
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    try:
        done = subprocess.run(  # noqa: S603 - a module of ours
            [sys.executable, "-m", module],
            input=json.dumps(job).encode(),
            capture_output=True,
            cwd=settings.BASE_DIR,
            timeout=limits.wall,
            preexec_fn=bound,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise WorkerStopped(is_soon=False) from late
    except OSError as error:
        if error.errno in _NO_PROCESS:
            raise WorkerStopped(is_soon=False) from error
        raise
    if done.returncode:
        return {"error": _error_of(done)}
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _error_of(done: subprocess.CompletedProcess[bytes]) -> str:
    """Return the code of the error of a failed job. Raises WorkerStopped, OSError."""
    if -done.returncode in _FROM_OUTSIDE:
        raise WorkerStopped(is_soon=True)
    _raise_outage(done.stderr)
    # Libraries in C crash when they run out of memory.
    has_crashed = done.returncode < 0
    return "too-much-work" if has_crashed or b"MemoryError" in done.stderr else "damaged"


def _raise_outage(stderr: bytes) -> None:
    """Raise the OSError that ended a job, if it reports an outage."""
    found = _OS_ERROR.findall(stderr)
    if found:
        number, words = found[-1]
        error = OSError(int(number), words.decode(errors="replace").strip())
        if outage_of(error):
            raise error
