"""Rules of the outbox: each job once, tried again, never lost, by one elected runner."""

from __future__ import annotations

import datetime as dt
import io
import subprocess
import sys
import threading

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone

from articles import services as articles
from notifications.models import NotificationEvent
from notifications.services import notify
from outbox import checks, registry, runner, services
from outbox.exceptions import JobFailed, JobObsolete, ServiceDown
from outbox.models import Job, RunnerLease, TaskRun
from outbox.registry import JobKind, PeriodicTask
from outbox.services.lease import LEASE
from press.models import Story
from tests.helpers import factories
from tests.helpers.concurrency import ON_SERVER, at_once
from tests.helpers.paths import ROOT
from tests.helpers.processes import environ_of

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def own_registry(monkeypatch) -> None:
    """What a test registers is gone after it, and the paper's own tasks do not run."""
    monkeypatch.setattr(registry, "_kinds", dict(registry._kinds))
    monkeypatch.setattr(registry, "_tasks", {})


@pytest.fixture
def ran(own_registry) -> list[str]:
    """The keys of the jobs of the kind `note` that ran, in order."""
    keys: list[str] = []
    registry.register_kind(JobKind("note", lambda job, at: keys.append(job.key)))
    return keys


def failing(name: str, *faults: BaseException | None, **options) -> None:
    """Register a kind whose runs raise `faults` in turn."""
    left = iter(faults)

    def run(job: Job, at: dt.datetime) -> None:
        fault = next(left)
        if fault is not None:
            raise fault

    registry.register_kind(JobKind(name, run, **options))


# Jobs


@pytest.mark.django_db
def test_a_job_runs_once_at_its_time(ran, now):
    services.enqueue("note", "a", {}, at=now, due_at=now + MINUTE)
    assert services.run_due(now) == 0
    assert services.run_due(now + MINUTE) == 1
    assert services.run_due(now + 2 * MINUTE) == 0
    assert ran == ["a"]


@pytest.mark.django_db
def test_kind_and_key_are_enqueued_once_even_when_done(ran, now):
    services.enqueue("note", "a", {"first": True}, at=now)
    services.enqueue("note", "a", {"first": False}, at=now)
    services.run_due(now)
    services.enqueue("note", "a", {}, at=now)
    services.run_due(now)
    assert ran == ["a"]
    assert Job.objects.get().payload == {"first": True}


@pytest.mark.django_db
def test_the_one_that_waits_longest_runs_first(ran, now):
    services.enqueue("note", "late", {}, at=now)
    services.enqueue("note", "early", {}, at=now, due_at=now - MINUTE)
    services.run_due(now)
    assert ran == ["early", "late"]


@pytest.mark.django_db
def test_a_kind_that_nobody_registers_is_refused(now):
    with pytest.raises(KeyError):
        services.enqueue("nothing", "a", {}, at=now)


@pytest.mark.django_db
def test_a_job_of_a_kind_that_is_gone_waits_and_holds_up_nothing(ran, now):
    Job.objects.create(kind="of another version", key="a", created_at=now, due_at=now - MINUTE)
    services.enqueue("note", "b", {}, at=now)
    assert services.run_due(now) == 1
    assert Job.objects.pending().get().kind == "of another version"


@pytest.mark.django_db
def test_a_job_that_is_rolled_back_never_was(ran, now):
    with transaction.atomic():
        services.enqueue("note", "a", {}, at=now)
        transaction.set_rollback(True)
    assert services.run_due(now) == 0


@pytest.mark.django_db
def test_pauses_double_up_to_the_longest_and_then_the_job_is_given_up(now):
    failing("shaky", *[JobFailed("no")] * 6, max_tries=6, longest_pause=10 * MINUTE)
    services.enqueue("shaky", "a", {}, at=now)
    at, pauses = now, []
    for _try in range(5):
        services.run_due(at)
        due_at = Job.objects.get().due_at
        assert services.run_due(due_at - dt.timedelta(seconds=1)) == 0
        pauses.append((due_at - at) / MINUTE)
        at = due_at
    assert pauses == [1, 2, 4, 8, 10]
    services.run_due(at)
    job = Job.objects.given_up().get()
    assert (job.tries, job.error, job.given_up_at) == (6, "no", at)
    assert services.run_due(at + dt.timedelta(days=1)) == 0


@pytest.mark.django_db
def test_what_was_given_up_is_seen_and_tried_again_on_demand(now):
    failing("shaky", JobFailed("mailbox full"), None, max_tries=1)
    services.enqueue("shaky", "a", {}, at=now)
    assert checks.given_up() == []
    services.run_due(now)
    (warning,) = checks.given_up()
    assert "mailbox full" in warning.msg
    out = io.StringIO()
    call_command("run_outbox", stdout=out)
    assert "已放弃" in out.getvalue()
    call_command("run_outbox", "--retry", stdout=out)
    assert Job.objects.get().done_at
    assert checks.given_up() == []


@pytest.mark.django_db
def test_a_service_that_is_down_stops_its_kind_alone(ran, now):
    failing("service", ServiceDown("refused"), None, None, None)
    for n in range(3):
        services.enqueue("service", str(n), {}, at=now - MINUTE)
    services.enqueue("note", "a", {}, at=now)
    assert services.run_due(now) == 1
    assert ran == ["a"]
    # One try failed; the others waited without one, and all go out when the service is back.
    assert sorted(Job.objects.filter(kind="service").values_list("tries", flat=True)) == [0, 0, 1]
    assert services.run_due(now + MINUTE) == 3


@pytest.mark.django_db
def test_a_pointless_job_is_removed(now):
    failing("moot", JobObsolete())
    services.enqueue("moot", "a", {}, at=now)
    assert services.run_due(now) == 0
    assert not Job.objects.exists()


@pytest.mark.django_db
def test_an_unforeseen_fault_is_recorded_and_raised_and_holds_up_no_other_job(ran, now):
    failing("buggy", ZeroDivisionError("x"))
    services.enqueue("buggy", "a", {}, at=now - MINUTE)
    services.enqueue("note", "b", {}, at=now)
    with pytest.raises(ZeroDivisionError):
        services.run_due(now)
    assert Job.objects.get(kind="buggy").error == "ZeroDivisionError: x"
    assert services.run_due(now) == 1
    assert ran == ["b"]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("text", ["a\0b", "a\ud800b"])
def test_a_fault_is_recorded_whatever_its_text(ran, now, text):
    failing("odd", JobFailed(text))
    services.enqueue("odd", "a", {}, at=now - MINUTE)
    services.enqueue("note", "b", {}, at=now)
    assert services.run_due(now) == 1
    job = Job.objects.get(kind="odd")
    assert (job.error.replace("?", ""), job.claimed_until, job.due_at) == ("ab", None, now + MINUTE)


@pytest.mark.django_db
@pytest.mark.parametrize("fault", [SystemExit(3), KeyboardInterrupt()])
def test_a_handler_that_ends_the_process_is_tried_again(ran, now, fault):
    failing("end", fault, None)
    services.enqueue("end", "a", {}, at=now - MINUTE)
    with pytest.raises(type(fault)):
        services.run_due(now)
    assert services.run_due(now + MINUTE) == 1


@pytest.mark.django_db
def test_a_job_in_another_process_hands_is_left_to_it_until_that_process_is_dead(ran, now):
    services.enqueue("note", "a", {}, at=now)
    # Killed between the claim and the record.
    assert services.jobs._claim(Job.objects.get(), registry.kinds()["note"], now)
    timeout = registry.kinds()["note"].timeout
    assert services.run_due(now + timeout - MINUTE) == 0
    assert services.run_due(now + timeout) == 1


@pytest.mark.django_db
def test_two_processes_that_read_the_same_job_run_it_once(ran, now):
    services.enqueue("note", "a", {}, at=now)
    first, second = Job.objects.get(), Job.objects.get()
    kind = registry.kinds()["note"]
    assert services.jobs._claim(first, kind, now) is True
    assert services.jobs._claim(second, kind, now) is False


@pytest.mark.django_db
def test_a_process_that_comes_back_late_does_not_undo_what_another_did(now):
    registry.register_kind(JobKind("slow", _finish_elsewhere))
    services.enqueue("slow", "a", {}, at=now)
    services.run_due(now)
    job = Job.objects.get()
    assert job.done_at == now
    assert job.error == ""


def _finish_elsewhere(job: Job, at: dt.datetime) -> None:
    Job.objects.filter(pk=job.pk).update(done_at=at, tries=job.tries + 1)
    raise JobFailed("timed out")


@pytest.mark.django_db
def test_a_job_whose_process_dies_at_every_try_is_given_up(ran, now):
    services.enqueue("note", "a", {}, at=now)
    Job.objects.update(tries=registry.kinds()["note"].max_tries, claimed_until=now)
    assert services.run_due(now) == 0
    assert ran == []
    assert Job.objects.given_up().count() == 1


@pytest.mark.django_db
def test_ended_jobs_are_removed_and_pending_ones_stay(ran, now):
    for key in "ab":
        services.enqueue("note", key, {}, at=now)
    services.run_due(now)
    Job.objects.filter(key="b").update(done_at=None, given_up_at=now)
    services.enqueue("note", "pending", {}, at=now)
    services.remove_old(now + dt.timedelta(days=8))
    assert set(Job.objects.values_list("key", flat=True)) == {"b", "pending"}
    services.remove_old(now + dt.timedelta(days=31))
    assert set(Job.objects.values_list("key", flat=True)) == {"pending"}


# The election


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
        # Two minutes pass, and the other one is elected, after some looks at the clock.
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


# Periodic tasks


@pytest.mark.django_db
def test_a_task_runs_once_in_its_interval_whoever_is_elected(now):
    ticks: list[dt.datetime] = []
    registry.register_task(PeriodicTask("tick", ticks.append, 5 * MINUTE))
    for minutes in range(11):
        at = now + minutes * MINUTE
        for holder in ("one", "two"):
            runner.run_round(holder, clock=lambda at=at: at)
            services.run_tasks(at)  # as the command does, beside the server
    assert ticks == [now, now + 5 * MINUTE, now + 10 * MINUTE]


@pytest.mark.django_db
def test_the_paper_has_its_tasks(monkeypatch, settings):
    monkeypatch.undo()
    assert set(registry.tasks()) >= {"cutoff_notices", "daily_anchor", "outbox_cleanup"}


# The thread


def test_a_handler_that_breaks_ends_a_round_and_not_the_runner(monkeypatch):
    """The thread ends with its traceback; its successor keeps the lease and goes on."""
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


# Several processes

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


#: A process that writes into a file what it runs.
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


# What waits, and what does not


@pytest.mark.django_db
def test_publishing_needs_no_outbox(staff, now):
    """A story is on its page at its time, though nothing in the outbox ever ran."""
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
