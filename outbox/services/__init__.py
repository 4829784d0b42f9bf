"""Everything that writes the tables of the outbox."""

from .jobs import enqueue, enqueue_many, remove_old, retry_given_up, run_due
from .lease import hold_lease
from .tasks import run_tasks

__all__ = [
    "enqueue",
    "enqueue_many",
    "hold_lease",
    "remove_old",
    "retry_given_up",
    "run_due",
    "run_tasks",
]
