"""The clock of the press: whether what readers see has changed, looked at a few times a second.

An epoch is a time in which nothing changes: no print, withdrawal or correction, no release, no new
day. What was made in an epoch holds until its end, and never longer.
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
from django.db import connection
from django.db.models import Subquery
from django.utils import timezone

from paper.times import day_bounds

from .models import Change, Edition, Story

#: Beyond it nobody goes on with an old look while another thread takes a new one. In seconds; with
#: the time to answer it stays under the second that is promised.
PATIENCE = 0.6
Row = tuple[dt.datetime | None, ...]
T = TypeVar("T")


@dataclass(frozen=True)
class Epoch:
    """A time in which readers' pages stay as they are.

    `mark` is the mark of the press; `since` the release or midnight with which it began, `until`
    the next one; `seen` when this process first saw it, `begun` the same on a clock that nobody
    sets. `notes` holds what was worked out in it.
    """

    mark: str
    since: dt.datetime
    until: dt.datetime
    seen: dt.datetime
    begun: float = field(default_factory=time.monotonic, compare=False, repr=False)
    notes: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def key(self) -> str:
        """Return the name of the epoch, the same in all processes."""
        return f"{self.mark}.{self.since.timestamp():.6f}"

    def keep(self, name: str, key: Any, make: Callable[[], T], *, most: int) -> T:
        """Return what `make` worked out under `key` before, else what it does now.

        Under one `name` at most so many are kept: what strangers can ask for has no end.
        """
        kept: dict[Any, T] = self.notes.setdefault(name, {})
        made = kept.get(key)
        if made is None:
            if len(kept) >= most:
                kept.clear()
            made = kept[key] = make()
        return made

    def seconds_left(self) -> int:
        """Return the whole seconds until the next release or midnight."""
        return max(0, int((self.until - timezone.now()).total_seconds()))


class Clock:
    """Gives the epoch; looks at the database at most every PRESS_LOOK_SECONDS."""

    def __init__(self) -> None:
        self._epoch: Epoch | None = None
        self._looked = float("-inf")
        self._lock = Lock()

    def epoch(self) -> Epoch:
        """Return the epoch of now. Raises django.db.Error where the database does not answer."""
        epoch, age = self._epoch, time.monotonic() - self._looked
        if epoch and age < settings.PRESS_LOOK_SECONDS and self._holds(epoch):
            return epoch
        if not self._lock.acquire(blocking=False):
            if epoch and age < PATIENCE and self._holds(epoch):
                return epoch
            self._lock.acquire()
        try:
            return self._look()
        finally:
            self._lock.release()

    def newest(self) -> Epoch | None:
        """Return the last epoch that was seen, without a look."""
        return self._epoch

    @staticmethod
    def _holds(epoch: Epoch) -> bool:
        return epoch.since <= timezone.now() < epoch.until

    def _look(self) -> Epoch:
        """Ask the database, and keep the epoch if it is still the same."""
        looked = time.monotonic()
        epoch = self._epoch
        if epoch and looked - self._looked < settings.PRESS_LOOK_SECONDS and self._holds(epoch):
            return epoch  # Another thread has looked while this one waited.
        mark = _mark()
        if epoch is None or epoch.mark != mark or not self._holds(epoch):
            epoch = self._epoch = _begin(mark, timezone.now())
        self._looked = looked
        return epoch


def _mark() -> str:
    if not connection.in_atomic_block:
        # Before Django's own handler nobody else looks after the connection.
        connection.close_if_unusable_or_obsolete()
    marks = Change.objects.order_by("xact").values_list("xact", "mark")
    text = ";".join(f"{xact}:{mark}" for xact, mark in marks)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _begin(mark: str, now: dt.datetime) -> Epoch:
    midnight, next_midnight = day_bounds(timezone.localdate(now))
    last, coming = _releases(now)
    since = max([midnight, *filter(None, last)])
    until = min([next_midnight, *filter(None, coming)])
    return Epoch(mark, since, until, now)


def _releases(now: dt.datetime) -> tuple[Row, Row]:
    """Return the last and the next release of a story and of an edition, in one query."""
    asked = []
    for model in (Story.objects.all(), Edition.objects.all()):
        hours = model.values("release_at")
        asked.append(hours.filter(release_at__lte=now).order_by("-release_at")[:1])
        asked.append(hours.filter(release_at__gt=now).order_by("release_at")[:1])
    row = Change.objects.order_by("xact").values_list(*(Subquery(one) for one in asked)).first()
    found = row or (None,) * len(asked)
    return found[0::2], found[1::2]


#: The one clock of this process.
clock = Clock()
