"""Registry of job kinds and periodic tasks; apps register theirs in `AppConfig.ready`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .models import Job


@dataclass(frozen=True, slots=True)
class JobKind:
    """Handler of one kind of jobs, with its number of tries and the retention of its rows.

    `run` takes the job and the time. It returns when the job is done, else raises `JobFailed`,
    `ServiceDown` or `JobObsolete`. It must tolerate a second run of the same job: a process may be
    killed between the work and its record.
    """

    name: str
    run: Callable[[Job, dt.datetime], None]
    #: Number of tries after which a job is given up.
    max_tries: int = 12
    #: Upper limit of the pause after a failure, which doubles from one minute.
    longest_pause: dt.timedelta = dt.timedelta(hours=2)
    #: Time after which an unfinished job can be claimed again.
    timeout: dt.timedelta = dt.timedelta(minutes=10)
    #: Retention of a finished job; until then its key cannot be enqueued again.
    keep_done: dt.timedelta = dt.timedelta(days=7)
    keep_given_up: dt.timedelta = dt.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class PeriodicTask:
    """Function that runs once in each interval for the whole installation."""

    name: str
    run: Callable[[dt.datetime], object]
    every: dt.timedelta


_kinds: dict[str, JobKind] = {}
_tasks: dict[str, PeriodicTask] = {}


def register_kind(kind: JobKind) -> None:
    """Register a kind of jobs. Raises ValueError if its name is taken."""
    if kind.name in _kinds:
        raise ValueError(f"The job kind {kind.name} is registered twice.")
    _kinds[kind.name] = kind


def register_task(task: PeriodicTask) -> None:
    """Register a periodic task. Raises ValueError if its name is taken."""
    if task.name in _tasks:
        raise ValueError(f"The periodic task {task.name} is registered twice.")
    _tasks[task.name] = task


def kinds() -> dict[str, JobKind]:
    """Return all kinds of jobs by name."""
    return _kinds


def tasks() -> dict[str, PeriodicTask]:
    """Return all periodic tasks by name."""
    return _tasks
