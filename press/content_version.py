"""Detection of changes to public content, by a database query a few times a second.

A content version is a period in which nothing changes: no publication, withdrawal or correction, no
release, no new day. A result computed for a content version is valid until its end, and never
longer.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from typing import Any, TypeVar

from django.conf import settings
from django.db import Error, connection
from django.db.models import Subquery
from django.utils import timezone

from paper.humanize import day_bounds
from paper.outages import Outage, outage_of

from .models import Change, Edition, Story

#: Age in seconds up to which a thread may use the previous result while another thread queries the
#: database. Together with the time to answer it stays under the promised second.
MAX_STALE_SECONDS = 0.6
Releases = tuple[dt.datetime | None, ...]
T = TypeVar("T")


@dataclass(frozen=True)
class ContentVersion:
    """A period in which public pages do not change.

    `version` is a hash of the change rows; `since` is the release or midnight with which the period
    began, `until` the next one; `seen` is when this process first saw it, `begun` the same on the
    monotonic clock. `cache` holds results computed during the period.
    """

    version: str
    since: dt.datetime
    until: dt.datetime
    seen: dt.datetime
    begun: float = field(default_factory=time.monotonic, compare=False, repr=False)
    cache: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def key(self) -> str:
        """Return the key of this content version, which is the same in all processes."""
        return f"{self.version}.{self.since.timestamp():.6f}"

    def get_or_set(self, name: str, key: Any, make: Callable[[], T], *, limit: int) -> T:
        """Return the cached result for `key`, or call `make` and cache its result.

        The cache `name` holds at most `limit` results, because outsiders can request any number of
        keys.
        """
        entries: dict[Any, T] = self.cache.setdefault(name, {})
        value = entries.get(key)
        if value is None:
            if len(entries) >= limit:
                entries.clear()
            value = entries[key] = make()
        return value

    def seconds_left(self) -> int:
        """Return the whole seconds until the next release or midnight."""
        return max(0, int((self.until - timezone.now()).total_seconds()))


class VersionTracker:
    """Provides the current content version; queries the database once in PRESS_LOOK_SECONDS."""

    def __init__(self) -> None:
        self._content_version: ContentVersion | None = None
        self._checked = float("-inf")
        self._lock = Lock()

    def content_version(self) -> ContentVersion:
        """Return the current content version.

        Raises django.db.Error if the database does not answer.
        """
        content_version, age = self._content_version, time.monotonic() - self._checked
        if (
            content_version
            and age < settings.PRESS_LOOK_SECONDS
            and self._is_current(content_version)
        ):
            return content_version
        if not self._lock.acquire(blocking=False):
            if content_version and age < MAX_STALE_SECONDS and self._is_current(content_version):
                return content_version
            self._lock.acquire()
        try:
            return self._refresh()
        finally:
            self._lock.release()

    def newest(self) -> ContentVersion | None:
        """Return the last content version that was seen, without a query."""
        return self._content_version

    @staticmethod
    def _is_current(content_version: ContentVersion) -> bool:
        return content_version.since <= timezone.now() < content_version.until

    def _refresh(self) -> ContentVersion:
        """Query the database, and return the same object if nothing has changed."""
        now = time.monotonic()
        content_version = self._content_version
        if (
            content_version
            and now - self._checked < settings.PRESS_LOOK_SECONDS
            and self._is_current(content_version)
        ):
            return content_version  # Another thread queried while this one waited.
        try:
            version = _read_version()
            if (
                content_version is None
                or content_version.version != version
                or not self._is_current(content_version)
            ):
                content_version = self._content_version = _begin(version, timezone.now())
        except Error as error:
            # While the database server is stopped, nothing can be withdrawn either.
            if (
                content_version is None
                or not self._is_current(content_version)
                or outage_of(error) != Outage.STOPPED
            ):
                raise
        self._checked = now
        return content_version


def _read_version() -> str:
    if not connection.in_atomic_block:
        # Outside of Django's request handler nothing else closes stale connections.
        connection.close_if_unusable_or_obsolete()
    rows = Change.objects.order_by("xact").values_list("xact", "mark")
    text = ";".join(f"{xact}:{mark}" for xact, mark in rows)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _begin(version: str, now: dt.datetime) -> ContentVersion:
    midnight, next_midnight = day_bounds(timezone.localdate(now))
    last, coming = _releases(now)
    since = max([midnight, *filter(None, last)])
    until = min([next_midnight, *filter(None, coming)])
    return ContentVersion(version, since, until, now)


def _releases(now: dt.datetime) -> tuple[Releases, Releases]:
    """Return the last and the next release of a story and of an edition, in one query."""
    parts = []
    for model in (Story.objects.all(), Edition.objects.all()):
        hours = model.values("release_at")
        parts.append(hours.filter(release_at__lte=now).order_by("-release_at")[:1])
        parts.append(hours.filter(release_at__gt=now).order_by("release_at")[:1])
    row = Change.objects.order_by("xact").values_list(*(Subquery(one) for one in parts)).first()
    found = row or (None,) * len(parts)
    return found[0::2], found[1::2]


#: The tracker of this process.
tracker = VersionTracker()
