"""Optional Redis cache of responses, shared by several processes and machines.

The key contains the content version, a hash of the program and its settings, so a stale entry is
never served. Values are plain bytes signed with the secret key: write access to Redis permits
neither code execution nor a forged page. After a Redis failure, requests pause for a while, so that
no client waits for it repeatedly.
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

from press.content_version import ContentVersion

log = logging.getLogger(__name__)
#: Seconds that a response is stored, and that one process may take to build one.
_TTL, _LOCK_SECONDS = 24 * 3600, 10
#: Folders whose files determine a response.
_SOURCES = (
    *("bylines", "locale", "newsroom", "paper", "photos", "press", "proofing", "reader"),
    *("requirements", "search", "static/reader", "templates", "textkit"),
)
_SUFFIXES = frozenset({".css", ".html", ".js", ".mo", ".py", ".svg", ".txt"})


class PlainSerializer:
    """Writes bytes to Redis unchanged, where Django would pickle them."""

    def dumps(self, value: bytes) -> bytes:
        """Return `value` unchanged."""
        return value

    def loads(self, data: bytes) -> bytes:
        """Return `data` unchanged."""
        return data


class FailurePause:
    """A pause after a Redis failure, in which this process makes no request.

    After the pause one thread tries again. The failure is logged once.
    """

    SECONDS = 5

    def __init__(self) -> None:
        self._lock = Lock()
        self.end()

    def end(self) -> None:
        """End the pause after a successful request."""
        self._until, self._is_logged = 0.0, False

    def may_ask(self) -> bool:
        """Return whether to make a request; after a pause only the first caller gets True."""
        if not self._until:
            return True
        with self._lock:
            if time.monotonic() < self._until:
                return False
            self._begin()
            return True

    def begin(self, error: Exception) -> None:
        """Start a pause and log the error, unless another thread already did."""
        with self._lock:
            if self._is_logged:
                return
            self._begin()
            self._is_logged = True
        log.warning("The shared page cache does not answer, so it rests: %s", error)

    def _begin(self) -> None:
        self._until, self._is_logged = time.monotonic() + self.SECONDS, False


failure_pause = FailurePause()


def is_on() -> bool:
    """Return whether a Redis cache for pages is configured."""
    return "pages" in settings.CACHES


def get(content_version: ContentVersion, key: str) -> tuple[Any, ...] | None:
    """Return the cached value of `key` in `content_version`, or None."""
    if not is_on():
        return None
    name = _name(content_version, key)
    found = _request("get", name)
    if not found:
        return None
    seal, _line, row = found.partition(b"\n")
    if not constant_time_compare(seal, _seal(name, row)):
        # Signed with another secret, or damaged: the response is built again and overwrites it.
        return None
    head, _line, body = row.partition(b"\n")
    status, headers, etag = json.loads(head)
    return status, [(k, v) for k, v in headers], etag, body


def put(content_version: ContentVersion, key: str, cached: tuple[Any, ...]) -> None:
    """Store a response for all processes: status line, headers, ETag and body."""
    if not is_on():
        return
    name = _name(content_version, key)
    row = json.dumps(cached[:3]).encode() + b"\n" + cached[3]
    _request("set", name, _seal(name, row) + b"\n" + row, _TTL)


@contextmanager
def key_lock(content_version: ContentVersion, key: str) -> Iterator[None]:
    """Hold the lock to build a response; wait while another process builds it."""
    if not is_on():
        yield
        return
    lock = _name(content_version, f"{key} lock")
    is_locked = _request("add", lock, b"1", _LOCK_SECONDS)
    until = time.monotonic() + _LOCK_SECONDS
    while is_locked is False and time.monotonic() < until and not get(content_version, key):
        time.sleep(0.02)
        is_locked = _request("add", lock, b"1", _LOCK_SECONDS)
    try:
        yield
    finally:
        if is_locked:
            _request("delete", lock)


def _request(verb: str, name: str, *args: Any) -> Any:
    """Call a method of the shared cache; return None if Redis does not answer."""
    if not failure_pause.may_ask():
        return None
    from redis.exceptions import RedisError

    try:
        answer = getattr(caches["pages"], verb)(name, *args)
    except RedisError as error:
        failure_pause.begin(error)
        return None
    failure_pause.end()
    return answer


def _seal(name: str, row: bytes) -> bytes:
    """Return the signature of the value stored under `name`, computed with the secret key."""
    hashed = hashlib.sha256(row).hexdigest()
    return (
        salted_hmac("reader.page_cache.redis", f"{name} {hashed}", algorithm="sha256")
        .hexdigest()
        .encode()
    )


def _name(content_version: ContentVersion, key: str) -> str:
    chosen = (settings.SURFACE, settings.OFFLINE, settings.DESK_ADDRESS)
    return hashlib.sha256(f"{_program()} {chosen} {content_version.key} {key}".encode()).hexdigest()


@cache
def _program() -> str:
    """Return a hash of the program's files, which identifies its version."""
    found = hashlib.sha256()
    folders = (settings.BASE_DIR / name for name in _SOURCES)
    for path in sorted(f for folder in folders for f in folder.rglob("*") if f.suffix in _SUFFIXES):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        found.update(f"{path.relative_to(settings.BASE_DIR).as_posix()} {content}\n".encode())
    return found.hexdigest()
