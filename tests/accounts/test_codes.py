"""Rule: codes are throttled separately from passwords, and accepted from any keyboard."""

from __future__ import annotations

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from accounts.forms import plain_code
from tests.helpers.logins import (
    at_home,
    code_at,
    log_in,
    with_factor,
)


def test_codes_slow_down_and_lock_nobody_out(staff, clock):
    with_factor(staff["chief"])
    client = Client()
    log_in(client, "chief")
    url = "/desk/account/factor/authenticate/"
    for _time in range(5):
        client.post(url, {"code": "000000"})
    refused = client.post(url, {"code": code_at(time.time())})
    assert refused.status_code == 429
    assert f"请等 {refused.headers['Retry-After']} 秒" in refused.content.decode()
    elsewhere = Client()
    log_in(elsewhere, "chief", **at_home())
    assert elsewhere.post(url, {"code": "000000"}, **at_home()).status_code == 429
    clock(5)
    client.post(url, {"code": code_at(time.time())})
    assert client.get("/desk/").status_code == 200


def test_wrong_codes_of_who_has_the_password_do_not_slow_down_a_known_device(staff):
    with_factor(staff["chief"])
    browser = Client()
    log_in(browser, "chief")
    browser.post("/desk/account/factor/authenticate/", {"code": code_at(time.time())})
    browser.post("/desk/logout/")
    thief = Client()
    log_in(thief, "chief", **at_home())
    for _time in range(6):
        thief.post("/desk/account/factor/authenticate/", {"code": "000000"}, **at_home())
    log_in(browser, "chief")
    later = code_at(time.time() + 30)
    browser.post("/desk/account/factor/authenticate/", {"code": later})
    assert browser.get("/desk/").status_code == 200


@pytest.mark.parametrize("url", ["/desk/account/again/", "/desk/account/address/"])
def test_passwords_asked_for_again_slow_down_apart_from_the_login(desk, staff, url):
    editor = desk("editor")
    form = {"password": "guess", "email": "e@paper.example"}
    answers = [editor.post(url, form) for _time in range(6)]
    assert answers[-1].status_code == 429
    assert "请等" in answers[-1].content.decode()
    assert log_in(Client(), "editor").status_code == 302


@pytest.mark.parametrize(
    "typed",
    [
        "{0}{1}{2}{3}{4}{5}",
        "{0}{1}{2} {3}{4}{5}",
        "{0}{1}{2}\u3000{3}{4}{5}",
        " {0}{1}{2}-{3}{4}{5} ",
        "\ufeff{0}{1}{2}\u00a0{3}{4}{5}\u200b",
        "{0} {1} {2} {3} {4} {5}",
        "验证码：{0}{1}{2}{3}{4}{5}。",
        "【{0}{1}{2}·{3}{4}{5}】",
        "code {0}{1}{2}_{3}{4}{5}, thanks",
        "\u202a{0}{1}{2}\u2060{3}{4}{5}\u202c",
    ],
)
@pytest.mark.parametrize("is_wide", [False, True])
def test_a_code_is_taken_as_a_chinese_keyboard_types_it(staff, typed, is_wide):
    """Full-width digits, blanks and words around the code are accepted."""
    with_factor(staff["chief"])
    client = Client()
    log_in(client, "chief")
    code = code_at(time.time())
    if is_wide:
        code = "".join(chr(ord(digit) - ord("0") + ord("０")) for digit in code)
    client.post("/desk/account/factor/authenticate/", {"code": typed.format(*code)})
    assert client.get("/desk/").status_code == 200


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("١٢٣٤٥٦", "123456"),
        ("①②③", "123"),
        ("𝟏𝟐𝟑", "123"),
        ("", ""),
        ("验证码", ""),
        ("12 34\n56", "123456"),
        ("1" * 5000, "1" * 100),
    ],
)
def test_a_code_is_its_digits(typed, plain):
    assert plain_code(typed) == plain


@pytest.mark.parametrize("typed", ["验证码", "　", "1" * 5000, "12345", "１２３４５６７"])
def test_what_holds_no_code_is_refused_in_words(staff, typed):
    with_factor(staff["chief"])
    client = Client()
    log_in(client, "chief")
    answer = client.post("/desk/account/factor/authenticate/", {"code": typed})
    assert answer.status_code in {200, 400}
    assert client.get("/desk/").status_code == 302


def test_recovery_codes_and_first_codes_are_taken_so_too(client, staff, settings):
    settings.SECOND_FACTOR = "editors"
    log_in(client, "chief")
    page = client.get("/desk/", follow=True).content.decode()
    secret = re.search(r"<code>(\w+)</code>", page)[1]
    wide = {ord(str(n)): ord("０") + n for n in range(10)}
    code = code_at(time.time(), secret).translate(wide)
    done = client.post("/desk/account/factor/totp/activate/", {"code": code}, follow=True)
    first, *_others = re.findall(r"<li><code>(\d{8})</code>", done.content.decode())
    other = Client()
    log_in(other, "chief")
    typed = f"恢复码：{first[:4]}　{first[4:]}；".translate(wide)
    other.post("/desk/account/factor/authenticate/", {"code": typed})
    assert other.get("/desk/").status_code == 200
    assert Authenticator.objects.filter(user=staff["chief"], type="totp").exists()
