"""Jobs of the outbox that fail."""

from __future__ import annotations

import datetime as dt

from outbox import registry
from outbox.models import Job
from outbox.registry import JobKind

MINUTE = dt.timedelta(minutes=1)


def failing(name: str, *faults: BaseException | None, **options) -> None:
    """Register a kind whose runs raise `faults` in turn."""
    left = iter(faults)

    def run(job: Job, at: dt.datetime) -> None:
        fault = next(left)
        if fault is not None:
            raise fault

    registry.register_kind(JobKind(name, run, **options))
