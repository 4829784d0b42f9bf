"""Services for periodic tasks: the first process to claim an interval runs the task."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from ..models import TaskRun
from ..registry import PeriodicTask, tasks


def run_tasks(at: dt.datetime, *, may_go_on: Callable[[], bool] = lambda: True) -> int:
    """Run the periodic tasks that are due at `at`; return the number that this call ran.

    `may_go_on` is called before each of them. A task that raises runs again in its next interval.
    """
    n = 0
    last = dict(TaskRun.objects.values_list("name", "last_at"))
    for task in tasks().values():
        is_due = task.name not in last or last[task.name] <= at - task.every
        if is_due and may_go_on() and _claim(task, at):
            task.run(at)
            n += 1
    return n


def _claim(task: PeriodicTask, at: dt.datetime) -> bool:
    """Claim the interval that begins at `at`; return whether this process was first."""
    _run, is_first = TaskRun.objects.get_or_create(name=task.name, defaults={"last_at": at})
    over = TaskRun.objects.filter(name=task.name, last_at__lte=at - task.every)
    return is_first or bool(over.update(last_at=at))
