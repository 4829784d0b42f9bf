"""Rule: a session ends when its user is idle, whatever requests its pages send automatically."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import services
from accounts.services import Person
from articles.models import UnsavedForm
from articles.services import unsaved_forms
from tests.helpers import factories
from tests.helpers.logins import log_in
from tests.helpers.paths import ROOT

STATIC = ROOT / "static" / "desk"
HOURS, DAYS = 3600, 24 * 3600
BY_ITSELF = {"X-By-Itself": "1", "Accept": "application/json"}
ABOVE = ["editor", "head", "chief", "administrator"]
Clock = Callable[[float], None]


def stays(name: str, *, long: bool) -> Client:
    """Return a browser in which `name` has just logged in."""
    client = Client()
    form = {"username": name, "password": "for-tests-only", **({"stay": "on"} if long else {})}
    assert client.post("/desk/login/", form).status_code == 302
    return client


def is_in(client: Client) -> bool:
    return client.get("/desk/").status_code == 200


@pytest.mark.parametrize("role", [*ABOVE, "reporter", "correspondent"])
@pytest.mark.parametrize("long", [False, True])
def test_how_long_a_session_lasts_goes_by_role_and_device(staff, clock, role, long):
    limit = 30 * DAYS if long and role not in ABOVE else 12 * HOURS
    client = stays(role, long=long)
    clock(limit - 60)
    assert is_in(client)
    clock(limit - 60)
    assert is_in(client), "counted from the last thing that the person did"
    clock(limit + 1)
    assert not is_in(client)
    assert not is_in(client)


def test_who_becomes_an_editor_has_an_editor_s_session_at_once(staff, clock):
    client = stays("reporter", long=True)
    clock(20 * HOURS)
    assert is_in(client)
    person = Person("reporter", "记", roles=["editor"])
    services.change_person(staff["reporter"], person, by=staff["administrator"], at=timezone.now())
    clock(13 * HOURS)
    assert not is_in(client)


def requests_by_itself(article) -> list[tuple[str, str]]:
    pk = article.pk
    return [
        ("get", reverse("admin:counts")),
        ("post", reverse("admin:articles_presence", args=[pk])),
        ("get", reverse("admin:articles_session")),
    ]


def test_what_a_page_asks_by_itself_does_not_prolong_a_session(staff, clock, now):
    """Counts, presence and session checks, with and without the header."""
    article = factories.make_in("first_review", staff["reporter"], now)
    client = stays("editor", long=False)
    for hour in range(12):
        for method, url in requests_by_itself(article):
            headers = BY_ITSELF if hour % 2 else {"Accept": "application/json"}
            answer = getattr(client, method)(url, {"window_id": "a" * 32}, headers=headers)
            assert answer.status_code == 200, url
        clock(HOURS)
    clock(1)
    answer = client.get(reverse("admin:articles_session"), headers=BY_ITSELF)
    assert answer.status_code == 401
    assert not is_in(client)


def test_a_board_that_renews_itself_does_not_either(staff, clock):
    client = stays("editor", long=False)
    for _hour in range(13):
        client.get("/desk/", headers=BY_ITSELF)
        clock(HOURS)
    assert not is_in(client)


def test_typing_prolongs_a_session(staff, clock, now):
    article = factories.make_draft(staff["reporter"], now)
    client = stays("reporter", long=False)
    url = reverse("admin:articles_autosave", args=[article.pk])
    for _time in range(3):
        clock(11 * HOURS)
        assert client.post(url, {"window_id": "a" * 32}).status_code in {200, 400, 409}
    clock(11 * HOURS)
    assert is_in(client)


def test_what_was_typed_before_the_end_is_kept(staff, clock, now):
    """A form that is sent after twelve hours is stored for its writer, like after any other end."""
    client = stays("editor", long=False)
    clock(12 * HOURS + 1)
    owner = unsaved_forms.owner_token(staff["editor"])
    form = {"owner": owner, "headline": "夜里写的", "window_id": "a" * 32}
    answer = client.post("/desk/articles/article/add/", form)
    assert answer["Location"].startswith("/desk/login/")
    assert ["headline", "夜里写的"] in UnsavedForm.objects.get(owner=staff["editor"]).fields


def test_the_session_is_written_once_in_five_minutes_at_most(staff, clock, settings):
    client = stays("editor", long=False)
    active = client.session["newsroom_active"]
    clock(60)
    client.get("/desk/")
    assert client.session["newsroom_active"] == active
    clock(300)
    client.get("/desk/")
    assert client.session["newsroom_active"] == timezone.now().timestamp()


def test_a_session_of_the_demo_is_over_with_the_demo(staff, settings):
    settings.DEMO = True
    client = stays("editor", long=False)
    assert is_in(client)
    settings.DEMO = False
    assert not is_in(client)


def test_the_public_password_opens_nothing_outside_the_demo(staff, settings):
    user = staff["editor"]
    user.set_password(settings.DEMO_PASSWORD)
    user.save()
    refused = log_in(Client(), "editor", settings.DEMO_PASSWORD)
    assert refused.status_code == 200
    assert "演示用的公开密码" in refused.content.decode()
    nobody = log_in(Client(), "nobody", settings.DEMO_PASSWORD)
    assert "演示用的公开密码" in nobody.content.decode()
    settings.DEMO = True
    assert log_in(Client(), "editor", settings.DEMO_PASSWORD).status_code == 302


def test_every_timer_of_the_desk_says_that_it_asks_by_itself():
    """Every script with a timer sends the header, or sends no requests."""
    for path in STATIC.glob("*.js"):
        text = path.read_text(encoding="utf-8")
        timers = re.findall(r"setInterval\((\w+)?", text)
        if not timers or path.name in {"autosave.js", "session_renewal.js"}:
            continue
        asks = "fetch(" in text or "ask(" in text
        assert not asks or "X-By-Itself" in text or "), true)" in text, path.name
