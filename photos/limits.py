"""A job in a process of its own that may be killed: within limits of time and memory."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings

#: Such a job gives way to the pages that somebody waits for.
_NICENESS = 5


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds of the processor, of the clock, and bytes of memory."""

    cpu: int
    wall: int
    memory: int


def run_apart(module: str, job: Mapping[str, Any], limits: Limits) -> dict[str, Any]:
    """Return what `python -m module` answers to `job`: JSON in, JSON out.

    {"error": "too-much-work"} where it reached a limit, {"error": "damaged"} where it broke.
    """

    def bound() -> None:
        os.nice(_NICENESS)
        resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu, limits.cpu))
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
    except subprocess.TimeoutExpired:
        return {"error": "too-much-work"}
    if done.returncode:
        is_out_of_memory = b"MemoryError" in done.stderr
        was_killed = done.returncode < 0
        return {"error": "too-much-work" if is_out_of_memory or was_killed else "damaged"}
    found: dict[str, Any] = json.loads(done.stdout)
    return found
