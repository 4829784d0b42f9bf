"""Pages that several processes and machines share, in Redis where the operator has one.

Their names hold the epoch, the version of the program and what its operator chose, so nobody takes
what is not right now. A Redis that fails is as good as none.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.conf import settings
from django.core.cache import caches

from press.clock import Epoch

log = logging.getLogger(__name__)
#: Seconds that a page stays there, and that one process may take to make one.
_KEEP, _MAKE = 24 * 3600, 10


def get(epoch: Epoch, key: str) -> tuple[Any, ...] | None:
    """Return what was kept under `key` in `epoch`, or None."""
    found = _ask("get", epoch, key)
    return found if isinstance(found, tuple) else None


def put(epoch: Epoch, key: str, kept: tuple[Any, ...]) -> None:
    """Keep a page for all."""
    _ask("set", epoch, key, kept, _KEEP)


@contextmanager
def turn(epoch: Epoch, key: str) -> Iterator[None]:
    """Hold the turn to make a page: while another process makes it, wait until it is there."""
    mine = f"{key} turn"
    is_mine = _ask("add", epoch, mine, 1, _MAKE)
    until = time.monotonic() + _MAKE
    while is_mine is False and time.monotonic() < until and not get(epoch, key):
        time.sleep(0.02)
        is_mine = _ask("add", epoch, mine, 1, _MAKE)
    try:
        yield
    finally:
        if is_mine:
            _ask("delete", epoch, mine)


def _ask(verb: str, epoch: Epoch, key: str, *args: Any) -> Any:
    """Ask the shared cache; None where there is none, or where it does not answer."""
    if "pages" not in settings.CACHES:
        return None
    from redis.exceptions import RedisError

    try:
        return getattr(caches["pages"], verb)(_name(epoch, key), *args)
    except RedisError as error:
        log.warning("The shared page cache does not answer: %s", error)
        return None


def _name(epoch: Epoch, key: str) -> str:
    chosen = (settings.SURFACE, settings.OFFLINE, settings.DESK_ADDRESS)
    return hashlib.sha256(f"{_program()} {chosen} {epoch.key} {key}".encode()).hexdigest()


@cache
def _program() -> str:
    """Return what tells this version of the program from others: when its files were written."""
    folders = ("templates", "reader", "press", "locale", "static/reader", "newsroom")
    files = (f for name in folders for f in (settings.BASE_DIR / name).rglob("*") if f.is_file())
    kinds = {".py", ".html", ".mo", ".css", ".js"}
    return str(max(f.stat().st_mtime_ns for f in files if f.suffix in kinds))
