"""Rule: who guesses is slowed down, and nobody is locked out; a device that is known is exempt."""

from __future__ import annotations

import datetime as dt
import re
import time

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.core import signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import known_devices, services, throttle
from accounts.forms import plain_code
from accounts.known_devices import COOKIE
from accounts.throttle import Attempt
from outbox.models import Job
from outbox.services import remove_old, run_due
from tests.helpers.concurrency import ON_SERVER, at_once
from tests.helpers.logins import PASSWORD, choose, code_at, letters, log_in, slow_down, with_factor

NOW = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
RIGHT = "for-tests-only"


def work(queries: CaptureQueriesContext) -> list[tuple[str, ...]]:
    """What the queries do to which tables."""
    return [
        (row["sql"].split()[0], *re.findall(r'(?:FROM|INTO|UPDATE|JOIN) "(\w+)"', row["sql"]))
        for row in queries
    ]


def at_home(n: int = 1) -> dict[str, str]:
    return {"REMOTE_ADDR": f"10.0.{n // 250}.{n % 250 + 1}"}


def known(name: str, **place: str) -> Client:
    """A browser in which `name` has logged in and out again."""
    client = Client()
    assert log_in(client, name, **place).status_code == 302
    client.post("/desk/logout/")
    return client


# One place


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
    """Knocking while one has to wait does not make it longer."""
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


# A known device


def test_nobody_locks_out_who_comes_from_a_known_device(staff):
    """Not from the same address, not from a thousand others, not with many names."""
    browser = known("editor")
    slow_down("editor")
    for n in range(60):
        log_in(Client(), "editor", "wrong", **at_home(n))
        log_in(Client(), f"name{n}", "wrong")
    assert log_in(browser, "editor").status_code == 302


def test_a_known_device_has_a_count_of_its_own(staff):
    """A stolen cookie is no licence to guess."""
    browser = known("editor")
    for _time in range(5):
        log_in(browser, "editor", "wrong")
    assert log_in(browser, "editor").status_code == 429
    assert log_in(Client(), "editor").status_code == 302


def test_a_device_is_known_as_its_own_login_alone(staff):
    browser = known("reporter")
    slow_down("editor")
    assert log_in(browser, "editor").status_code == 429


def test_an_office_computer_is_known_as_several_logins(staff):
    browser = known("reporter")
    log_in(browser, "editor")
    browser.post("/desk/logout/")
    for name in ("reporter", "editor"):
        slow_down(name)
        assert log_in(browser, name).status_code == 302
        browser.post("/desk/logout/")


def test_the_cookie_is_closed_to_scripts_other_sites_and_plain_http(staff, settings):
    settings.SESSION_COOKIE_SECURE = True
    client = Client()
    log_in(client, "editor")
    cookie = client.cookies[COOKIE]
    assert (cookie["httponly"], cookie["secure"], cookie["samesite"]) == (True, True, "Strict")
    assert cookie["path"] == "/desk/"
    assert 0 < int(cookie["max-age"]) <= 366 * 86_400
    assert User.objects.get(username="editor").password not in cookie.value


def new_password(user: User, staff) -> None:
    form = {"old_password": RIGHT, "new_password1": PASSWORD, "new_password2": PASSWORD}
    client = Client()
    client.force_login(user)
    client.post(reverse("admin:password_change"), form)


def by_letter(user: User, staff) -> None:
    services.reset_by_letter(user, RIGHT, at=timezone.now())


def by_link(user: User, staff) -> None:
    at = timezone.now()
    token = services.new_link(user, by=staff["administrator"], at=at)
    services.accept(services.find_link(token, at=at), RIGHT, at=timezone.now())


def deactivate(user: User, staff) -> None:
    services.deactivate(user, by=staff["administrator"], at=timezone.now())
    services.reactivate(user, by=staff["administrator"], at=timezone.now())


def end_sessions(user: User, staff) -> None:
    services.end_all_sessions(user, by=staff["administrator"], at=timezone.now())


@pytest.mark.parametrize("end", [new_password, by_letter, by_link, deactivate, end_sessions])
def test_a_device_is_forgotten_with_what_may_mean_that_it_is_lost(staff, rf, end):
    browser = known("editor")
    request = rf.get("/desk/login/")
    request.COOKIES[COOKIE] = browser.cookies[COOKIE].value
    assert known_devices.device_of(request, staff["editor"], at=timezone.now())
    end(staff["editor"], staff)
    editor = User.objects.get(username="editor")
    assert known_devices.device_of(request, editor, at=timezone.now()) == ""


def test_a_forged_copied_or_old_cookie_is_no_known_device(staff, rf):
    browser = known("editor")
    value = browser.cookies[COOKIE].value
    at = timezone.now()
    pk = str(staff["editor"].pk)
    forged = signing.dumps({pk: ["device", at.timestamp(), "0" * 32]}, salt="other")
    entry = signing.loads(value, salt=known_devices._SALT)[pk]
    stretched = signing.dumps({str(staff["chief"].pk): entry}, salt=known_devices._SALT)
    request = rf.get("/desk/login/")
    for wrong in ("", "x", value[:-1], value.upper(), forged):
        request.COOKIES[COOKIE] = wrong
        assert known_devices.device_of(request, staff["editor"], at=at) == "", wrong
    request.COOKIES[COOKIE] = stretched
    assert known_devices.device_of(request, staff["chief"], at=at) == ""
    request.COOKIES[COOKIE] = value
    later = at + dt.timedelta(days=known_devices.DAYS + 1)
    assert known_devices.device_of(request, staff["editor"], at=later) == ""


def test_a_second_step_that_fails_makes_no_device_known(staff):
    with_factor(staff["chief"])
    client = Client()
    log_in(client, "chief")
    client.post("/desk/account/factor/authenticate/", {"code": "000000"})
    assert COOKIE not in client.cookies


# Many places, many names


def test_who_guesses_one_name_from_many_places_is_slowed_down(staff, clock):
    """Each place is admitted after its own wait: a right password comes in, whatever others do."""
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
    """Ten at once are no way around the count."""
    attempt = Attempt(throttle.PASSWORD, "7", "10.0.0.1")
    seconds = at_once(*(lambda: throttle.begin(attempt, at=NOW) for _n in range(10)))
    assert sorted(seconds) == [0] * throttle.PAIR.free + [5] * 5


# Codes, and passwords asked for again


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
    """../shared/cases/14."""
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


# Who has a login


@pytest.fixture
def many(staff) -> list[str]:
    """Names of which some open a login: the same to who asks."""
    User.objects.filter(username="editor").update(email="editor@paper.example")
    services.deactivate(staff["reporter"], by=staff["administrator"], at=timezone.now())
    person = services.Person("invited", "新", roles=["editor"], email="new@paper.example")
    services.invite(person, by=staff["administrator"], at=timezone.now())
    return [
        *("editor", "nobody", "editor@paper.example", "nobody@paper.example"),
        *("reporter", "invited", "new@paper.example"),
    ]


def test_a_wrong_password_is_the_same_work_for_every_name(many, monkeypatch):
    """Queries, hashes of passwords, and words."""
    from django.contrib.auth.hashers import MD5PasswordHasher

    hashed: list[str] = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda *given: hashed.append("") or encode(*given)
    )
    seen = {}
    for n, name in enumerate(many):
        hashed.clear()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = log_in(Client(), name, "wrong", **at_home(n))
        page = re.sub(r'value="[^"]*"|（?用户名|邮箱', "", answer.content.decode())
        seen[name] = (len(hashed), work(queries), len(page))
    first = seen["nobody"]
    for name, found in seen.items():
        assert found[0] == first[0] == 1, name
        assert found[1] == first[1], name
    by_kind = {"@" in name: seen[name][2] for name in many}
    assert all(seen[name][2] == by_kind["@" in name] for name in many)


def test_the_reset_is_the_same_work_for_every_address(many, client):
    seen = set()
    for n, name in enumerate(("editor", "nobody", "new")):
        with CaptureQueriesContext(connection) as queries:
            form = {"email": f"{name}@paper.example"}
            answer = client.post("/desk/account/reset/", form, follow=True, **at_home(n))
        seen.add((tuple(work(queries)), re.sub(r'value="\w{64}"', "", answer.content.decode())))
    assert len(seen) == 1
    assert Job.objects.count() == 3
    assert [letter.to for letter in letters()] == [["editor@paper.example"]]


def test_nobody_fills_the_mailbox_of_another(client, staff, clock):
    User.objects.filter(username="editor").update(email="editor@paper.example")
    for n in range(5):
        client.post("/desk/account/reset/", {"email": "editor@paper.example"}, **at_home(n))
    assert len(letters()) == 1
    clock(301)
    client.post("/desk/account/reset/", {"email": "editor@paper.example"})
    assert len(letters()) == 2


def test_who_asks_again_and_again_keeps_no_letter_back(client, staff, clock):
    """Only a letter that went out counts, not a request that came too early."""
    User.objects.filter(username="editor").update(email="editor@paper.example")
    for _time in range(4):
        client.post("/desk/account/reset/", {"email": "editor@paper.example"})
        letters()
        clock(4 * 60)
    assert len(letters()) == 2


def test_a_request_is_given_up_after_an_hour(client, staff, settings, clock):
    """Who still wants a letter then asks again; nobody is surprised by one in the night."""
    User.objects.filter(username="editor").update(email="editor@paper.example")
    client.post("/desk/account/reset/", {"email": "editor@paper.example"})
    clock(3601)
    assert letters() == []
    assert not Job.objects.exists()


def test_a_letter_waits_for_a_mail_server_that_is_down(client, staff, settings, clock):
    User.objects.filter(username="editor").update(email="editor@paper.example")
    backend = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    client.post("/desk/account/reset/", {"email": "editor@paper.example"})
    assert run_due(timezone.now()) == 0
    settings.EMAIL_BACKEND = backend
    clock(60)
    assert run_due(timezone.now()) == 1
    clock(3 * 86_400)
    remove_old(timezone.now())
    assert not Job.objects.exists()


def test_the_letter_speaks_the_language_in_which_it_was_asked_for(client, staff):
    User.objects.filter(username="editor").update(email="editor@paper.example")
    client.cookies["django_language"] = "en"
    client.post("/desk/account/reset/", {"email": "editor@paper.example"})
    (letter,) = letters()
    assert "Your user name: editor" in letter.body


def test_after_a_link_the_browser_is_known(staff, client):
    at = timezone.now()
    token = services.new_link(staff["editor"], by=staff["administrator"], at=at)
    choose(client, token)
    client.post("/desk/logout/")
    for _time in range(5):
        log_in(Client(), "editor", "wrong")
    assert log_in(client, "editor", PASSWORD).status_code == 302
