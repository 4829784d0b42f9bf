"""Rule: one elected runner runs the outbox, whatever the number of processes."""

from __future__ import annotations

import datetime as dt
import io
import subprocess
import sys
import threading

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from articles import services as articles
from notifications.models import NotificationEvent
from notifications.services import notify
from outbox import registry, runner, services
from outbox.models import Job, RunnerLease, TaskRun
from outbox.registry import PeriodicTask
from outbox.services.lease import LEASE
from press.models import Story
from tests.helpers import factories
from tests.helpers.concurrency import ON_SERVER, at_once
from tests.helpers.outbox_jobs import MINUTE
from tests.helpers.paths import ROOT
from tests.helpers.processes import environ_of


@pytest.mark.django_db
def test_one_runner_is_elected_and_another_takes_over_when_its_lease_expires(ran, now):
    services.enqueue("note", "a", {}, at=now)
    assert services.hold_lease("one", now)
    assert not services.hold_lease("two", now)
    assert runner.run_round("two", clock=lambda: now) == 0
    assert services.hold_lease("one", now + LEASE * 0.75)
    assert not services.hold_lease("two", now + LEASE)  # renewed meanwhile
    later = now + LEASE * 2
    assert runner.run_round("two", clock=lambda: later) == 1
    assert not services.hold_lease("one", later)


@pytest.mark.django_db
def test_a_runner_that_has_lost_its_lease_stops(ran, now):
    for key in "abc":
        services.enqueue("note", key, {}, at=now)
    times = iter(range(100))

    def clock() -> dt.datetime:
        # Two minutes later the other one is elected, after some checks of the time.
        if next(times) < 6:
            return now
        services.hold_lease("two", now + 2 * MINUTE)
        return now + 2 * MINUTE

    assert 0 < runner.run_round("one", clock=clock) < 3
    assert RunnerLease.objects.get().holder == "two"


@pytest.mark.django_db
def test_a_round_without_work_writes_nothing(django_assert_num_queries, now):
    registry.register_task(PeriodicTask("tick", lambda at: None, MINUTE))
    runner.run_round("one", clock=lambda: now)
    # The lease, the task, the jobs.
    with django_assert_num_queries(3) as queries:
        runner.run_round("one", clock=lambda: now)
    assert all(row["sql"].startswith("SELECT") for row in queries)


@pytest.mark.django_db
def test_a_task_runs_once_in_its_interval_whoever_is_elected(now):
    ticks: list[dt.datetime] = []
    registry.register_task(PeriodicTask("tick", ticks.append, 5 * MINUTE))
    for minutes in range(11):
        at = now + minutes * MINUTE
        for holder in ("one", "two"):
            runner.run_round(holder, clock=lambda at=at: at)
            services.run_tasks(at)  # like the command, while the server runs
    assert ticks == [now, now + 5 * MINUTE, now + 10 * MINUTE]


@pytest.mark.django_db
def test_the_paper_has_its_tasks(monkeypatch, settings):
    monkeypatch.undo()
    assert set(registry.tasks()) >= {"cutoff_notices", "daily_anchor", "outbox_cleanup"}


def test_a_handler_that_breaks_ends_a_round_and_not_the_runner(monkeypatch):
    """The thread ends with its traceback; its successor keeps the lease and continues."""
    holders: list[str] = []
    broken = threading.Event()

    def one_round(holder: str) -> None:
        holders.append(holder)
        if len(holders) == 2:
            monkeypatch.setattr(runner, "start", lambda holder: broken.set())
        raise ZeroDivisionError

    faults: list[type] = []
    monkeypatch.setattr(threading, "excepthook", lambda args: faults.append(args.exc_type))
    monkeypatch.setattr(runner, "run_round", one_round)
    monkeypatch.setattr(runner, "close_old_connections", lambda: None)
    monkeypatch.setattr(runner, "PAUSE", 0.01)
    runner.start("one")
    assert broken.wait(timeout=20)
    for thread in threading.enumerate():
        if thread.name == "outbox":
            thread.join(timeout=20)
    assert holders == ["one", "one"]
    assert faults == [ZeroDivisionError] * 2


at_any_time = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@ON_SERVER
@at_any_time
def test_two_runners_at_once_run_each_job_once(ran, now):
    for n in range(40):
        services.enqueue("note", str(n), {}, at=now)
    at_once(*[lambda: services.run_due(now)] * 4)
    assert sorted(ran, key=int) == [str(n) for n in range(40)]


@ON_SERVER
@at_any_time
def test_of_many_at_once_one_is_elected_and_a_task_runs_once(now):
    ticks: list[dt.datetime] = []
    registry.register_task(PeriodicTask("tick", ticks.append, 5 * MINUTE))
    for later in (0 * MINUTE, 10 * MINUTE):
        at = now + later
        elected = at_once(*[lambda n=n, at=at: services.hold_lease(str(n), at) for n in range(4)])
        assert elected.count(True) == 1
        at_once(*[lambda at=at: services.run_tasks(at)] * 4)
    assert ticks == [now, now + 10 * MINUTE]
    assert TaskRun.objects.count() == 1


#: A process that records its jobs in a file.
PROCESS = """
import django, os, pathlib, sys
django.setup()
from django.utils import timezone
from outbox import registry, services
ran = pathlib.Path(sys.argv[1]).open("a")
def run(job, at):
    print(job.key, file=ran, flush=True)
registry.register_kind(registry.JobKind("note", run))
if sys.argv[2] == "enqueue":
    services.enqueue_many("note", {str(n): {} for n in range(40)}, at=timezone.now())
while sys.argv[2] == "run" and services.run_due(timezone.now()):
    pass
"""


def test_two_processes_on_one_sqlite_file_run_each_job_once(tmp_path):
    settings = {"NEWSROOM_DEMO": "1", "DJANGO_SETTINGS_MODULE": "newsroom.settings"}
    env = environ_of(tmp_path, **settings)
    migrate = ["manage.py", "migrate", "outbox", "--verbosity", "0"]
    subprocess.run([sys.executable, *migrate], cwd=ROOT, env=env, check=True)
    command = [sys.executable, "-c", PROCESS, str(tmp_path / "ran")]
    subprocess.run([*command, "enqueue"], cwd=ROOT, env=env, check=True)
    both = [subprocess.Popen([*command, "run"], cwd=ROOT, env=env) for _ in range(2)]
    assert [process.wait(timeout=60) for process in both] == [0, 0]
    assert sorted((tmp_path / "ran").read_text().split(), key=int) == [str(n) for n in range(40)]


@pytest.mark.django_db
def test_publishing_needs_no_outbox(staff, now):
    """A story is visible at its release time without any job."""
    article = factories.make_in("approved", staff["correspondent"], now)
    articles.release(article, user=staff["chief"], at=now, release_at=now)
    (story,) = Story.objects.visible(timezone.now())
    assert Client().get(story.get_absolute_url()).status_code == 200
    assert not Job.objects.exclude(tries=0).exists()


@pytest.mark.django_db
def test_one_command_mails_what_is_due(staff, now):
    staff["chief"].email = "chief@paper.example"
    staff["chief"].save()
    data = {"number": 1, "when": now.isoformat(), "waiting": 2}
    notify([staff["chief"]], NotificationEvent.CUTOFF, "cutoff", key="1", data=data, url="", at=now)
    out = io.StringIO()
    call_command("run_outbox", stdout=out)
    assert "完成 1 项" in out.getvalue()
    assert [letter.to for letter in mail.outbox] == [["chief@paper.example"]]


@pytest.mark.parametrize(
    ("surface", "wanted", "starts"),
    [("both", True, 1), ("desk", True, 1), ("desk", False, 0), ("reader", True, 0)],
)
def test_who_serves_readers_alone_runs_nothing(monkeypatch, settings, surface, wanted, starts):
    from newsroom import wsgi

    started: list[str] = []
    monkeypatch.setattr(runner, "start", lambda: started.append("here"))
    settings.HAS_DESK, settings.HAS_OUTBOX_RUNNER = surface != "reader", wanted
    wsgi._start_runner()
    assert len(started) == starts
