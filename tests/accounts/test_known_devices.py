"""Rule: the guesses of others do not slow down a user on a known device."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import known_devices, services
from accounts.known_devices import COOKIE
from tests.helpers.logins import (
    PASSWORD,
    at_home,
    known,
    log_in,
    slow_down,
    with_factor,
)

RIGHT = "for-tests-only"


def test_nobody_locks_out_who_comes_from_a_known_device(staff):
    """Neither from the same address, nor from a thousand others, nor with many names."""
    browser = known("editor")
    slow_down("editor")
    for n in range(60):
        log_in(Client(), "editor", "wrong", **at_home(n))
        log_in(Client(), f"name{n}", "wrong")
    assert log_in(browser, "editor").status_code == 302


def test_a_known_device_has_a_count_of_its_own(staff):
    """A stolen cookie does not permit unlimited guesses."""
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
