"""Pages that several processes and machines share, in Redis where the operator has one.

Their names hold the epoch, the version of the program and what its operator chose, so nobody takes
what is not right now. They are plain bytes under a seal of the paper's secret: who can write to
Redis can neither run code here nor put a page into the paper. A Redis that fails is as good as
none, and is left alone for a while: no page waits for it again and again.
"""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.utils.crypto import constant_time_compare, salted_hmac

from press.clock import Epoch

log = logging.getLogger(__name__)
#: Seconds that a page stays there, and that one process may take to make one.
_KEEP, _MAKE = 24 * 3600, 10
#: What makes a page what it is.
_MADE_OF = (
    *("bylines", "locale", "newsroom", "paper", "photos", "press", "proofing", "reader"),
    *("requirements", "search", "static/reader", "templates", "textkit"),
)
_KINDS = frozenset({".css", ".html", ".js", ".mo", ".py", ".svg", ".txt"})


class Plain:
    """How bytes are written to Redis: as they are. Django would pickle them."""

    def dumps(self, value: bytes) -> bytes:
        """Return what is written."""
        return value

    def loads(self, data: bytes) -> bytes:
        """Return what was written."""
        return data


class Rest:
    """The rest of a Redis that failed: in it nobody of this process asks, and one tries it after.

    It is logged once.
    """

    SECONDS = 5

    def __init__(self) -> None:
        self._lock = Lock()
        self.end()

    def end(self) -> None:
        """Let everybody ask: there was an answer."""
        self._until, self._is_told = 0.0, False

    def may_ask(self) -> bool:
        """Return whether to ask now; the first one after a rest asks alone."""
        if not self._until:
            return True
        with self._lock:
            if time.monotonic() < self._until:
                return False
            self._begin()
            return True

    def begin(self, error: Exception) -> None:
        """Rest from now on, and tell why, unless another thread did."""
        with self._lock:
            if self._is_told:
                return
            self._begin()
            self._is_told = True
        log.warning("The shared page cache does not answer, so it rests: %s", error)

    def _begin(self) -> None:
        self._until, self._is_told = time.monotonic() + self.SECONDS, False


rest = Rest()


def is_on() -> bool:
    """Return whether the operator has a Redis for pages."""
    return "pages" in settings.CACHES


def get(epoch: Epoch, key: str) -> tuple[Any, ...] | None:
    """Return what was kept under `key` in `epoch`, or None."""
    if not is_on():
        return None
    name = _name(epoch, key)
    found = _ask("get", name)
    if not found:
        return None
    seal, _line, row = found.partition(b"\n")
    if not constant_time_compare(seal, _seal(name, row)):
        # Of another secret, or damaged: the page is made anew, and is kept in its place.
        return None
    head, _line, body = row.partition(b"\n")
    status, headers, etag = json.loads(head)
    return status, [(k, v) for k, v in headers], etag, body


def put(epoch: Epoch, key: str, kept: tuple[Any, ...]) -> None:
    """Keep a page for all: its status line, headers, ETag and body."""
    if not is_on():
        return
    name = _name(epoch, key)
    row = json.dumps(kept[:3]).encode() + b"\n" + kept[3]
    _ask("set", name, _seal(name, row) + b"\n" + row, _KEEP)


@contextmanager
def turn(epoch: Epoch, key: str) -> Iterator[None]:
    """Hold the turn to make a page: while another process makes it, wait until it is there."""
    if not is_on():
        yield
        return
    mine = _name(epoch, f"{key} turn")
    is_mine = _ask("add", mine, b"1", _MAKE)
    until = time.monotonic() + _MAKE
    while is_mine is False and time.monotonic() < until and not get(epoch, key):
        time.sleep(0.02)
        is_mine = _ask("add", mine, b"1", _MAKE)
    try:
        yield
    finally:
        if is_mine:
            _ask("delete", mine)


def _ask(verb: str, name: str, *args: Any) -> Any:
    """Ask the shared cache; None where it does not answer."""
    if not rest.may_ask():
        return None
    from redis.exceptions import RedisError

    try:
        answer = getattr(caches["pages"], verb)(name, *args)
    except RedisError as error:
        rest.begin(error)
        return None
    rest.end()
    return answer


def _seal(name: str, row: bytes) -> bytes:
    """Return the seal of what is kept under `name`; without the secret nobody makes it."""
    hashed = hashlib.sha256(row).hexdigest()
    return salted_hmac("reader.shared", f"{name} {hashed}", algorithm="sha256").hexdigest().encode()


def _name(epoch: Epoch, key: str) -> str:
    chosen = (settings.SURFACE, settings.OFFLINE, settings.DESK_ADDRESS)
    return hashlib.sha256(f"{_program()} {chosen} {epoch.key} {key}".encode()).hexdigest()


@cache
def _program() -> str:
    """Return what tells this version of the program from others: what stands in its files."""
    found = hashlib.sha256()
    folders = (settings.BASE_DIR / name for name in _MADE_OF)
    for path in sorted(f for folder in folders for f in folder.rglob("*") if f.suffix in _KINDS):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        found.update(f"{path.relative_to(settings.BASE_DIR).as_posix()} {content}\n".encode())
    return found.hexdigest()
