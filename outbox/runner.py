"""Runner thread: one in each process of the desk, of which one is elected.

The elected thread runs the periodic tasks and jobs that are due. The others check its lease and
take over when it expires. A process that ends loses nothing: every pending job is a row.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import secrets
import socket
import threading
from collections.abc import Callable

from django.db import Error, close_old_connections
from django.utils import timezone

from . import services, wakeup

logger = logging.getLogger(__name__)

#: Seconds between two rounds without a wake-up.
PAUSE = 5


def start(holder: str = "") -> threading.Thread:
    """Start the runner of this process and return its thread."""
    holder = holder or f"{socket.gethostname()[:80]}:{os.getpid()}:{secrets.token_hex(4)}"
    thread = threading.Thread(target=_run, args=(holder,), name="outbox", daemon=True)
    thread.start()
    return thread


def _run(holder: str) -> None:
    """Run rounds until the process ends.

    An unexpected exception of a handler ends the thread and prints a traceback. The job's row
    records it, and a new thread continues with the other jobs.
    """
    try:
        while True:
            wakeup.wait(PAUSE)
            _try_round(holder)
    finally:
        start(holder)


def _try_round(holder: str) -> None:
    try:
        close_old_connections()
        run_round(holder)
    except Error as error:
        logger.warning("The outbox waits for the database: %s", error)
    finally:
        close_old_connections()


def run_round(holder: str, *, clock: Callable[[], dt.datetime] = timezone.now) -> int:
    """Run what is due if `holder` is elected; return the number of jobs done.

    The holder renews its lease before each task and job, and stops when it has lost it.
    """

    def is_elected() -> bool:
        return services.hold_lease(holder, clock())

    if not is_elected():
        return 0
    services.run_tasks(clock(), may_go_on=is_elected)
    return services.run_due(clock(), clock=clock, may_go_on=is_elected)
