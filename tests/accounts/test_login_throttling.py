"""Rule: guesses are slowed down, nobody is locked out, and known devices are exempt."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from accounts import throttle
from accounts.throttle import Attempt
from tests.helpers.concurrency import ON_SERVER, at_once
from tests.helpers.logins import (
    at_home,
    log_in,
    slow_down,
)

NOW = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
RIGHT = "for-tests-only"


# One address


def test_failures_slow_down_and_a_right_password_gets_in_after_the_seconds(staff, clock):
    for _time in range(5):
        assert "用户名或密码不对" in log_in(Client(), "editor", "wrong").content.decode()
    for expected in (5, 10, 20, 40):
        refused = log_in(Client(), "editor", "wrong")
        assert refused.status_code == 429
        assert int(refused.headers["Retry-After"]) == expected
        clock(expected)
        assert log_in(Client(), "editor", "wrong").status_code == 200
    clock(80)
    assert log_in(Client(), "editor").status_code == 302
    assert log_in(Client(), "editor", "wrong").status_code == 200, "forgiven with the right one"


def test_no_wait_is_longer_than_a_quarter_of_an_hour():
    assert throttle.PAIR.wait(1000).total_seconds() == 900
    assert throttle.LOGIN.wait(1000).total_seconds() == 60
    assert throttle.ADDRESS.wait(1000).total_seconds() == 30


def test_who_is_told_to_wait_learns_nothing_and_adds_nothing(staff, clock):
    """Attempts during the wait do not prolong it."""
    slow_down("editor")
    said = {log_in(Client(), "editor", tried).content for tried in ("wrong", RIGHT)}
    plain = {re.sub(rb'value="\w{64}"', b"", text) for text in said}
    assert len(plain) == 1
    for _time in range(30):
        log_in(Client(), "editor")
    clock(5)
    assert log_in(Client(), "editor").status_code == 302


def test_others_at_another_place_are_not_slowed_down(staff):
    slow_down("editor")
    assert log_in(Client(), "editor", **at_home()).status_code == 302
    assert log_in(Client(), "head").status_code == 302


# Many addresses, many names


def test_who_guesses_one_name_from_many_places_is_slowed_down(staff, clock):
    """Each address is admitted after its own wait: a right password logs in, whatever others do."""
    answers = [log_in(Client(), "editor", "wrong", **at_home(n)) for n in range(200)]
    tried = [answer for answer in answers if answer.status_code == 200]
    assert len(tried) == throttle.LOGIN.free
    assert {answer.status_code for answer in answers[len(tried) :]} == {429}
    owner = at_home(1000)
    told = log_in(Client(), "editor", **owner)
    assert told.status_code == 429
    seconds = int(told.headers["Retry-After"])
    assert 0 < seconds <= throttle.LOGIN.most
    for n in range(300, 500):
        log_in(Client(), "editor", "wrong", **at_home(n))
    clock(seconds)
    assert log_in(Client(), "editor", **owner).status_code == 302


def test_a_turn_is_good_for_one_attempt(staff, clock):
    for n in range(throttle.LOGIN.free):
        log_in(Client(), "editor", "wrong", **at_home(n))
    seconds = int(log_in(Client(), "editor", "wrong", **at_home(999)).headers["Retry-After"])
    clock(seconds)
    assert log_in(Client(), "editor", "wrong", **at_home(999)).status_code == 200
    assert log_in(Client(), "editor", "wrong", **at_home(999)).status_code == 429


def test_who_tries_many_names_from_one_place_is_slowed_down(staff, clock):
    answers = [log_in(Client(), f"name{n}", "wrong") for n in range(40)]
    assert [a.status_code for a in answers].count(200) == throttle.ADDRESS.free
    seconds = int(answers[-1].headers["Retry-After"])
    assert 0 < seconds <= throttle.ADDRESS.most
    clock(seconds)
    assert log_in(Client(), "editor").status_code == 302


def test_a_name_is_one_name_however_it_is_written(staff):
    for name in ("editor", "EDITOR", "ｅditor", " editor", "Editor"):
        assert log_in(Client(), name, "wrong").status_code == 200
    assert log_in(Client(), "editor").status_code == 429


def test_no_wait_tells_that_a_name_and_an_address_are_one_login(staff):
    User.objects.filter(username="editor").update(email="editor@paper.example")
    slow_down("editor")
    assert log_in(Client(), "editor@paper.example", "wrong").status_code == 200


def test_all_addresses_of_one_home_are_one_place(staff):
    for n in range(5):
        log_in(Client(), "editor", "wrong", REMOTE_ADDR=f"2001:db8:1:2::{n + 1:x}")
    assert log_in(Client(), "editor", REMOTE_ADDR="2001:db8:1:2:ffff::1").status_code == 429
    assert log_in(Client(), "editor", REMOTE_ADDR="2001:db8:1:3::1").status_code == 302


def test_counts_fade_and_are_dropped(db):
    attempt = Attempt(throttle.PASSWORD, "7", "10.0.0.1")
    for _time in range(5):
        assert throttle.begin(attempt, at=NOW) == 0
    assert throttle.begin(attempt, at=NOW) == 5
    assert throttle.begin(attempt, at=NOW + dt.timedelta(hours=2)) == 0
    later = NOW + dt.timedelta(days=2)
    throttle.begin(Attempt(throttle.PASSWORD, "8", "10.0.0.2"), at=later)
    assert not throttle.Throttle.objects.filter(at__lt=later).exists()


@ON_SERVER
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_attempts_at_one_moment_are_all_counted():
    """Ten concurrent attempts are all counted."""
    attempt = Attempt(throttle.PASSWORD, "7", "10.0.0.1")
    seconds = at_once(*(lambda: throttle.begin(attempt, at=NOW) for _n in range(10)))
    assert sorted(seconds) == [0] * throttle.PAIR.free + [5] * 5
