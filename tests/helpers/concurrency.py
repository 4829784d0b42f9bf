"""Concurrent calls, each in a thread with its own connection."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections

from articles.exceptions import Refusal

ON_SERVER = pytest.mark.skipif(
    "sqlite" in connection.vendor, reason="SQLite writes one after the other"
)


def at_once(*calls: Callable[[], object]) -> list[object]:
    """Make the calls concurrently, each with its own connection; return the results."""
    start = threading.Barrier(len(calls))
    outcomes: list[object] = []

    def run(call: Callable[[], object]) -> None:
        start.wait()
        try:
            outcomes.append(call())
        except Refusal as refusal:
            outcomes.append(refusal)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == len(calls), "a call broke"
    return outcomes


def all_at_once(count: int, act: Callable[[], Any]) -> list[Any]:
    """Return the results of `count` threads that run concurrently."""
    ready, answers = threading.Barrier(count), []

    def run() -> None:
        ready.wait()
        answers.append(act())
        connection.close()

    threads = [threading.Thread(target=run) for _n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


ON_SQLITE = connection.vendor == "sqlite"
