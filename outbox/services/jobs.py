"""Services for jobs: enqueue, run what is due, retry, give up, remove.

One conditional UPDATE claims a job before it runs, so that two processes never run it at the same
time. If a process is killed, its job can be claimed again after the timeout of its kind. A job runs
at least once, and twice only if a process dies between the work and its record.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import translation

from .. import wakeup
from ..exceptions import JobFailed, JobObsolete, ServiceDown
from ..models import Job
from ..querysets import JobQuerySet
from ..registry import JobKind, kinds

logger = logging.getLogger(__name__)

#: Jobs in one round; the rest run in the next.
BATCH = 50
FIRST_PAUSE = dt.timedelta(minutes=1)


def enqueue(
    kind: str,
    key: str,
    payload: Mapping[str, Any],
    *,
    at: dt.datetime,
    due_at: dt.datetime | None = None,
) -> None:
    """Enqueue a job, due at `due_at` or at once, unless one with this kind and key exists.

    Call it in the transaction that causes the job: the runner is notified after the commit. Raises
    KeyError for a kind that is not registered.
    """
    enqueue_many(kind, {key: payload}, at=at, due_at=due_at)


def enqueue_many(
    kind: str,
    payloads: Mapping[str, Mapping[str, Any]],
    *,
    at: dt.datetime,
    due_at: dt.datetime | None = None,
) -> None:
    """Enqueue many jobs of one kind in one query; `payloads` maps keys to payloads."""
    name = kinds()[kind].name
    rows = [
        Job(kind=name, key=key, payload=dict(payload), created_at=at, due_at=due_at or at)
        for key, payload in payloads.items()
    ]
    if rows:
        Job.objects.bulk_create(rows, ignore_conflicts=True)
        transaction.on_commit(wakeup.wake)


def run_due(
    at: dt.datetime,
    *,
    clock: Callable[[], dt.datetime] | None = None,
    may_go_on: Callable[[], bool] = lambda: True,
) -> int:
    """Run up to `BATCH` jobs that are due, the oldest due time first; return how many are done.

    The time is `at`, or what `clock` returns before each job. `may_go_on` is called before each
    job; the round ends if it returns False. An unexpected exception of a handler is recorded and
    raised.
    """
    now = clock or (lambda: at)
    done = 0
    with translation.override(settings.LANGUAGE_CODE):
        for _attempt in range(BATCH):
            job = Job.objects.due(now()).filter(kind__in=kinds()).order_by("due_at", "pk").first()
            if job is None or not may_go_on():
                break
            done += _run(job, now())
    return done


def retry_given_up(at: dt.datetime) -> int:
    """Make given-up jobs due again; return their number."""
    return Job.objects.given_up().update(given_up_at=None, claimed_until=None, tries=0, due_at=at)


def remove_old(at: dt.datetime) -> int:
    """Remove jobs whose retention has passed; return their number."""
    removed = 0
    for kind in kinds().values():
        jobs = Job.objects.filter(kind=kind.name)
        removed += jobs.filter(done_at__lt=at - kind.keep_done).delete()[0]
        removed += jobs.filter(given_up_at__lt=at - kind.keep_given_up).delete()[0]
    return removed


def _run(job: Job, at: dt.datetime) -> bool:
    """Run `job` unless another process has claimed it; return whether it is done."""
    kind = kinds()[job.kind]
    if not _claim(job, kind, at):
        return False
    if job.tries > kind.max_tries:
        # Every process that ran it was killed before it finished.
        _give_up(job, job.error or "no end after each try", at)
        return False
    attempt = _Attempt(job, kind, at)
    with attempt:
        kind.run(job, at)
    return attempt.is_done


def _claim(job: Job, kind: JobKind, at: dt.datetime) -> bool:
    """Claim `job` unless another process has claimed it since it was read."""
    rows = Job.objects.due(at).filter(pk=job.pk, tries=job.tries)
    taken = rows.update(claimed_until=at + kind.timeout, tries=F("tries") + 1)
    job.tries += taken
    return bool(taken)


@dataclass(slots=True)
class _Attempt:
    """Context manager for one run of a claimed job, which records any outcome."""

    job: Job
    kind: JobKind
    at: dt.datetime
    is_done: bool = False

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, cls: type[BaseException] | None, fault: BaseException | None, _: TracebackType | None
    ) -> bool:
        if fault is None:
            Job.objects.filter(pk=self.job.pk).update(done_at=self.at, error="")
            self.is_done = True
        elif isinstance(fault, JobObsolete):
            Job.objects.filter(pk=self.job.pk).delete()
        else:
            self._record(fault)
        return isinstance(fault, JobFailed | JobObsolete)

    def _record(self, fault: BaseException) -> None:
        text = _storable(
            str(fault) if isinstance(fault, JobFailed) else f"{type(fault).__name__}: {fault}"
        )
        if self.job.tries >= self.kind.max_tries:
            _give_up(self.job, text, self.at)
        else:
            _postpone(self.job, self.kind, text, self.at)
        if isinstance(fault, ServiceDown):
            # Postpone the other jobs by the first pause, without counting a failure.
            others = Job.objects.due(self.at).filter(kind=self.kind.name)
            others.update(due_at=self.at + FIRST_PAUSE)


def _storable(text: str) -> str:
    """Return `text` without the characters that no database stores: NUL and lone surrogates."""
    return text.replace("\0", "").encode(errors="replace").decode()


def _postpone(job: Job, kind: JobKind, error: str, at: dt.datetime) -> None:
    pause = min(FIRST_PAUSE * 2 ** min(job.tries - 1, 20), kind.longest_pause)
    logger.warning("Job %s failed, next try in %s: %s", job.kind, pause, error)
    _own(job).update(claimed_until=None, due_at=at + pause, error=error[:300])


def _give_up(job: Job, error: str, at: dt.datetime) -> None:
    logger.error("Job %s was given up after %d tries: %s", job, job.tries, error)
    _own(job).update(claimed_until=None, given_up_at=at, error=error[:300])


def _own(job: Job) -> JobQuerySet:
    """Return a queryset of the row of `job`, empty if another process has claimed or ended it."""
    return Job.objects.pending().filter(pk=job.pk, tries=job.tries)
