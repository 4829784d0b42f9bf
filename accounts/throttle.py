"""Throttling of failed logins and codes, which slows attempts down and locks nobody out.

An attempt counts before the password is checked and is subtracted if it was right, so concurrent
attempts gain nothing. No request sleeps: the response says how many seconds to wait. The counts:

- **pair**: a login and an address. After 5 failures the wait doubles with each attempt, up to 15
  minutes.
- **login**: all addresses together, against guesses from many. After 20 failures an attempt needs a
  turn: it waits up to a minute and is then admitted, whatever others do. Turns of different
  addresses do not delay each other, so a stranger cannot use them up.
- **address**: all logins together, against guesses of many names. After 10 failures attempts must
  be 1 to 30 seconds apart.
- **device**: a browser that has logged in before as this login (`accounts.known_devices`) has a
  separate count, as for a pair, and none of the three above: nobody else slows its user down.

Counts are halved each hour (an address: each quarter of an hour) and dropped after a day.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import math
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from .models import Throttle

FORGOTTEN_AFTER = dt.timedelta(days=1)
#: Validity of a turn from its time on.
TURN_GOOD_FOR = dt.timedelta(minutes=15)
NO_TIME = dt.timedelta(0)
#: Kinds of attempts: a password at the login, a code, a password for reauthentication.
PASSWORD, CODE, AGAIN = "password", "code", "again"


@dataclass(frozen=True, slots=True)
class Pace:
    """Parameters of a delay, in seconds: after `free` failures it doubles every `step` failures."""

    free: int
    first: float
    most: float
    half_life: float = 3600
    step: int = 1

    def wait(self, failures: float) -> dt.timedelta:
        """Return the delay after `failures`, which is rounded to a whole number."""
        if round(failures) < self.free:
            return NO_TIME
        doublings = min((round(failures) - self.free) // self.step, 20)
        return dt.timedelta(seconds=min(self.most, self.first * 2**doublings))

    def decayed(self, row: Throttle, at: dt.datetime) -> float:
        """Return the decayed number of failures of `row` at `at`."""
        age = max((at - row.at).total_seconds(), 0)
        return float(row.failures * 0.5 ** (age / self.half_life))


PAIR = Pace(free=5, first=5, most=900)
LOGIN = Pace(free=20, first=5, most=60, step=10)
ADDRESS = Pace(free=10, first=1, most=30, half_life=900, step=5)


@dataclass(frozen=True, slots=True)
class Attempt:
    """Authentication attempt: `subject` names the login, `device` a known browser of it.

    `what` separates passwords, codes and reauthentication. Without an address all attempts of the
    subject count together: a user who enters a code has entered the password before.
    """

    what: str
    subject: str
    address: str = ""
    device: str = ""

    @property
    def is_counted_alone(self) -> bool:
        """Return whether only the attempt's own count applies."""
        return bool(self.device) or not self.address

    @property
    def own_key(self) -> str:
        """Return the key of the pair or the device."""
        kind = "device" if self.device else "pair"
        return _hash(self.what, kind, self.subject, self.device or self.address)

    @property
    def login_key(self) -> str:
        """Return the key of the login for all addresses."""
        return _hash(self.what, "login", self.subject)

    @property
    def address_key(self) -> str:
        """Return the key of the address for all logins."""
        return _hash(self.what, "address", self.address)


def begin(attempt: Attempt, *, at: dt.datetime) -> int:
    """Count an attempt and return 0, or count nothing and return the seconds to wait."""
    Throttle.objects.filter(at__lt=at - FORGOTTEN_AFTER).delete()
    with transaction.atomic():
        if attempt.is_counted_alone:
            return _begin_alone(attempt, at)
        # Always lock in this order, to avoid deadlocks.
        address = _locked(attempt.address_key, "", at, ADDRESS)
        if seconds := _left(address.open_at, at):
            return seconds
        login = _locked(attempt.login_key, attempt.subject, at, LOGIN)
        seconds = _begin_alone(attempt, at, LOGIN.wait(login.failures))
        if not seconds:
            address.open_at = at + ADDRESS.wait(address.failures + 1)
            _count(address, at)
            _count(login, at)
        return seconds


def _begin_alone(attempt: Attempt, at: dt.datetime, turn: dt.timedelta = NO_TIME) -> int:
    """Count an attempt under its own key and return 0, or return the seconds to wait.

    `turn` is the wait for a turn, which starts with the first attempt.
    """
    own = _locked(attempt.own_key, attempt.subject, at, PAIR)
    if turn and (own.turn_at is None or at > own.turn_at + TURN_GOOD_FOR):
        own.turn_at = at + turn
        own.save(update_fields=["turn_at"])
    seconds = max(_left(own.open_at, at), _left(own.turn_at, at))
    if not seconds:
        own.turn_at, own.open_at = None, at + PAIR.wait(own.failures + 1)
        _count(own, at)
    return seconds


@transaction.atomic
def succeed(attempt: Attempt, *, at: dt.datetime) -> None:
    """Subtract a successful attempt, and drop the earlier failures of this browser."""
    if not attempt.is_counted_alone:
        for key in (attempt.address_key, attempt.login_key):
            row = Throttle.objects.select_for_update().filter(key=key).first()
            if row is not None:
                row.failures, row.open_at = max(row.failures - 1, 0), None
                row.save(update_fields=["failures", "open_at"])
    Throttle.objects.filter(key=attempt.own_key).delete()


def forgive(subjects: Iterable[str]) -> None:
    """Drop all counts of `subjects`, whose user has a new password."""
    Throttle.objects.filter(subject__in=[_hash("subject", of) for of in subjects]).delete()


def _locked(key: str, subject: str, at: dt.datetime, pace: Pace) -> Throttle:
    """Return the locked row of `key`, created if missing, with its failures decayed."""
    new = Throttle(key=key, subject=subject and _hash("subject", subject), at=at)
    Throttle.objects.bulk_create([new], ignore_conflicts=True)
    row = Throttle.objects.select_for_update().get(key=key)
    row.failures = pace.decayed(row, at)
    return row


def _count(row: Throttle, at: dt.datetime) -> None:
    row.failures, row.at = row.failures + 1, at
    row.save(update_fields=["failures", "at", "open_at", "turn_at"])


def _left(until: dt.datetime | None, at: dt.datetime) -> int:
    return math.ceil((until - at).total_seconds()) if until and until > at else 0


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
