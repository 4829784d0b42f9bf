"""Rule: logins, codes and resets are limited by address and by login."""

from __future__ import annotations

import time

import pytest
from django.test import Client

from tests.helpers.logins import (
    choose,
    code_at,
    invite,
    log_in,
    with_factor,
)


@pytest.mark.parametrize("letter", ["a", "ａ", "报", "\ufdfa"])
def test_a_login_with_an_endless_name_is_refused_in_words(client, paper, letter):
    """Even if its normalised form is longer than the input."""
    for length in (100_000, 254):
        answer = log_in(client, letter * length)
        assert answer.status_code == 200, length
    assert "用户名最多 254 个字符" in log_in(client, letter * 255).content.decode()


def test_a_forged_address_does_not_get_around_the_limit(client, paper):
    answers = [
        log_in(client, f"name{n}", "wrong", HTTP_X_FORWARDED_FOR=f"10.0.0.{n}") for n in range(40)
    ]
    assert answers[-1].status_code == 429
    assert "次数太多" in answers[-1].content.decode()


def test_codes_are_limited_too(client, staff):
    with_factor(staff["chief"])
    log_in(client, "chief")
    for _time in range(5):
        client.post("/desk/account/factor/authenticate/", {"code": "000000"})
    answer = client.post("/desk/account/factor/authenticate/", {"code": code_at(time.time())})
    assert answer.status_code == 429
    assert "次数太多" in answer.content.decode()
    assert client.get("/desk/").status_code == 302


@pytest.mark.parametrize("url", ["/desk/account/reset/", "/desk/password_change/"])
def test_resets_and_old_passwords_are_limited(desk, staff, url):
    client = desk("editor")
    form = {"email": "e@paper.example", "old_password": "x", "new_password1": "1"}
    assert 429 in [client.post(url, form).status_code for _time in range(25)]


def test_nobody_uses_up_the_link_of_another(client, staff):
    """A link cannot be guessed; many attempts do not invalidate a real one."""
    _user, token = invite(staff)
    for n in range(40):
        assert choose(Client(), f"guess{n}").status_code == 404
    assert choose(client, token).status_code == 302


def test_the_address_behind_our_own_proxy_counts(client, staff, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for n in range(12):
        last = log_in(client, f"name{n}", "wrong", HTTP_X_FORWARDED_FOR=f"{n}.2.3.4, 10.0.0.1")
    assert last.status_code == 429
    other = log_in(client, "editor", HTTP_X_FORWARDED_FOR="10.0.0.1, 10.0.0.2")
    assert other.status_code == 302
