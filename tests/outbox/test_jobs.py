"""Rule: each job of the outbox is done once, retried after a failure, and never lost."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.core.management import call_command
from django.db import transaction

from outbox import checks, registry, services
from outbox.exceptions import JobFailed, JobObsolete, ServiceDown
from outbox.models import Job
from outbox.registry import JobKind
from tests.helpers.outbox_jobs import MINUTE, failing


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
    # One try failed; the others waited without a try, and all are sent when the service is back.
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
