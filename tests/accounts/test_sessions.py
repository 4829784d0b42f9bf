"""Rule: users list and end their own sessions; a new password ends all others."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse

from tests.helpers.logins import (
    PASSWORD,
    log_in,
)


def test_sessions_are_listed_and_ended(staff):
    here, there = (
        Client(),
        Client(headers={"User-Agent": "Mozilla/5.0 (Linux; Android 14) Chrome/1"}),
    )
    for client in (here, there):
        log_in(client, "editor")
    page = here.get("/desk/account/").content.decode()
    assert "Android · Chrome" in page
    assert "本机" in page
    other = UserSession.objects.exclude(session_key=here.session.session_key).get()
    here.post(reverse("accounts_end_session", args=[other.pk]))
    assert there.get("/desk/").status_code == 302
    assert here.get("/desk/").status_code == 200


def test_all_other_sessions_are_ended(staff):
    clients = [Client() for _n in range(3)]
    for client in clients:
        log_in(client, "editor")
    clients[0].post(reverse("accounts_end_others"))
    assert [c.get("/desk/").status_code for c in clients] == [200, 302, 302]


def test_nobody_ends_the_sessions_of_others(desk, staff):
    log_in(Client(), "chief")
    theirs = UserSession.objects.get(user=staff["chief"])
    assert desk("editor").post(reverse("accounts_end_session", args=[theirs.pk])).status_code == 404
    assert UserSession.objects.filter(pk=theirs.pk).exists()


def test_a_new_password_ends_the_other_sessions(staff):
    here, there = Client(), Client()
    for client in (here, there):
        log_in(client, "editor")
    form = {"old_password": "for-tests-only", "new_password1": PASSWORD, "new_password2": PASSWORD}
    here.post(reverse("admin:password_change"), form)
    assert here.get("/desk/").status_code == 200
    assert there.get("/desk/").status_code == 302
    page = here.get("/desk/account/")
    assert [row["is_this"] for row in page.context["sessions"]] == [True]
