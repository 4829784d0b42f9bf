"""Rule: a link in an e-mail resets a password; its base URL never depends on a request."""

from __future__ import annotations

import re

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import services
from accounts.models import AccountEvent
from outbox.models import Job
from outbox.services import remove_old, run_due
from tests.helpers.logins import (
    PASSWORD,
    at_home,
    choose,
    letters,
    log_in,
    slow_down,
)
from tests.helpers.paths import ROOT

NOW = timezone.now


def test_a_forgotten_password_is_reset_by_mail(client, staff):
    User.objects.filter(username="editor").update(email="editor@paper.example")
    client.post("/desk/account/reset/", {"email": "Editor@paper.example"})
    (letter,) = letters()
    assert letter.subject == "试验日报：设新密码"
    path = re.search(r"http://testserver(/\S+)", letter.body)[1]
    form = client.get(path, follow=True)
    answer = client.post(
        form.redirect_chain[-1][0], {"password1": PASSWORD, "password2": PASSWORD}, follow=True
    )
    assert "密码已设好" in answer.content.decode()
    assert log_in(Client(), "editor", PASSWORD).status_code == 302


@pytest.mark.parametrize("name", ["editor", "editor@paper.example"])
@pytest.mark.parametrize("way", ["letter", "link"])
def test_a_new_password_by_a_link_ends_the_waiting(client, staff, name, way):
    """A user who forgot the password has tried it five times: the new one must work at once."""
    User.objects.filter(username="editor").update(email="editor@paper.example")
    slow_down(name)
    if way == "letter":
        client.post("/desk/account/reset/", {"email": "editor@paper.example"})
        path = re.search(r"http://testserver(/\S+)", letters()[0].body)[1]
        url = client.get(path, follow=True).redirect_chain[-1][0]
        client.post(url, {"password1": PASSWORD, "password2": PASSWORD})
    else:
        token = services.new_link(staff["editor"], by=staff["administrator"], at=NOW())
        choose(client, token)
    assert log_in(Client(), name, PASSWORD).status_code == 302


@pytest.mark.parametrize("name", ["editor", "editor@paper.example"])
def test_a_wrong_password_names_the_way_that_needs_nobody_first(client, staff, name):
    said = log_in(client, name, "wrong").content.decode()
    error = re.search(r'role="alert">([^<]+)<', said)[1]
    assert 0 < error.index("忘了密码？”") < error.index("管理员")


def test_the_answer_says_how_long_to_wait_and_what_else_helps(client, staff):
    slow_down("editor")
    answer = log_in(client, "editor")
    said = answer.content.decode()
    seconds = answer.headers["Retry-After"]
    assert 0 < int(seconds) <= 5
    for words in (f"请等 {seconds} 秒", "忘了密码？”", "管理员", "不用再等"):
        assert words in said


def test_a_reset_by_letter_stands_in_the_record_of_the_login(client, desk, staff):
    User.objects.filter(username="editor").update(email="editor@paper.example")
    here = Client()
    log_in(here, "editor")
    client.post("/desk/account/reset/", {"email": "editor@paper.example"})
    path = re.search(r"http://testserver(/\S+)", letters()[0].body)[1]
    url = client.get(path, follow=True).redirect_chain[-1][0]
    client.post(url, {"password1": PASSWORD, "password2": PASSWORD})
    page = desk("administrator").get(f"/desk/auth/user/{staff['editor'].pk}/change/")
    assert "通过邮件重设密码" in page.content.decode()
    assert AccountEvent.objects.get(what="letter").by == staff["editor"]
    assert UserSession.objects.filter(user=staff["editor"]).count() == 0
    assert here.get("/desk/").status_code == 302


def test_a_letter_says_whose_login_it_is_from_whom_and_how_long(client, desk, staff):
    User.objects.filter(username="editor").update(email="editor@paper.example")
    User.objects.filter(username="administrator").update(last_name="管", first_name="理")
    desk("administrator").post(reverse("admin:accounts_act", args=[staff["editor"].pk, "link"]))
    client.post("/desk/account/reset/", {"email": "editor@paper.example"})
    made, reset = letters()
    for words in ("管理给您", "您的用户名：editor", "7 天内有效"):
        assert words in made.body
    for words in ("您的用户名：editor", "3 天内有效"):
        assert words in reset.body


def test_the_sample_environment_gives_letters_their_links():
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert "\nNEWSROOM_DESK_ADDRESS=https://" in text


POISON = {"host": "evil.example"}


def test_a_link_in_a_letter_leads_to_the_paper_whatever_host_asked_for_it(desk, client, settings):
    settings.ALLOWED_HOSTS, settings.DESK_ADDRESS = ["*"], "https://desk.paper.example"
    User.objects.filter(username="editor").update(email="editor@paper.example")
    client.post("/desk/account/reset/", {"email": "editor@paper.example"}, headers=POISON)
    keeper = desk("administrator")
    form = {"username": "wang", "last_name": "王", "email": "w@paper.example", "roles": "editor"}
    keeper.post("/desk/auth/user/add/", form, headers=POISON)
    found = letters()
    assert len(found) == 2
    for letter in found:
        assert "https://desk.paper.example/desk/" in letter.body
        assert "evil.example" not in letter.body


def test_without_an_address_of_its_own_no_letter_goes_out_for_any_host(client, staff, settings):
    settings.ALLOWED_HOSTS, settings.DESK_ADDRESS = ["*"], ""
    User.objects.filter(username="editor").update(email="editor@paper.example")
    form = {"email": "editor@paper.example"}
    assert client.post("/desk/account/reset/", form, headers=POISON).status_code == 302
    assert letters() == []


@pytest.mark.parametrize("host", ["paper.example:8123", "other.example", "paper.example"])
def test_neither_host_nor_port_of_a_request_is_in_a_letter(desk, client, settings, host):
    """It is the first of NEWSROOM_HOSTS if no desk address is set."""
    settings.ALLOWED_HOSTS, settings.DESK_ADDRESS = ["paper.example", "other.example"], ""
    settings.SECURE_SSL_REDIRECT = True
    User.objects.filter(username="editor").update(email="editor@paper.example")
    said = {"headers": {"host": host}, "secure": True}
    client.post("/desk/account/reset/", {"email": "editor@paper.example"}, **said)
    keeper = desk("administrator")
    form = {"username": "wang", "last_name": "王", "email": "w@paper.example", "roles": "editor"}
    keeper.post("/desk/auth/user/add/", form, **said)
    change = {"email": "new@paper.example", "password": "for-tests-only"}
    desk("editor").post(reverse("accounts_address"), change, **said)
    found = letters()
    assert len(found) == 3
    for letter in found:
        (start,) = re.findall(r"(https?://[^/]+)/desk/", letter.body)
        assert start == "https://paper.example"


@pytest.mark.parametrize("backend", ["console", "dummy"])
def test_without_a_mail_server_no_link_goes_into_the_log(
    client, staff, settings, capsys, caplog, backend
):
    settings.EMAIL_BACKEND = f"django.core.mail.backends.{backend}.EmailBackend"
    User.objects.filter(username="editor").update(email="editor@paper.example")
    answer = client.post("/desk/account/reset/", {"email": "editor@paper.example"})
    assert answer.status_code == 302
    letters()
    said = capsys.readouterr()
    assert "/desk/account/" not in said.out + said.err + caplog.text
    assert "NEWSROOM_EMAIL_URL" in caplog.text
    page = client.get("/desk/account/reset/").content.decode()
    assert "还不发邮件" in page
    assert 'name="email"' not in page


def test_the_reset_does_not_tell_who_has_a_login(client, staff):
    User.objects.filter(username="editor").update(email="editor@paper.example")
    answers = []
    for address in ("editor@paper.example", "nobody@paper.example"):
        answer = client.post("/desk/account/reset/", {"email": address}, follow=True)
        answers.append(re.sub(r'value="\w{64}"', "", answer.content.decode()))
    assert answers[0] == answers[1]
    assert len(letters()) == 1


def test_the_address_of_before_opens_nothing(client, desk, staff):
    """The login library stores addresses in its own table at each reset."""
    User.objects.filter(username="editor").update(email="old@paper.example")
    client.post("/desk/account/reset/", {"email": "old@paper.example"})
    assert len(letters()) == 1
    services.change_address(User.objects.get(username="editor"), "new@paper.example", at=NOW())
    for address in ("old@paper.example", "new@paper.example"):
        client.post("/desk/account/reset/", {"email": address})
    assert [letter.to for letter in letters()] == [["old@paper.example"], ["new@paper.example"]]
    path = re.search(r"http://testserver(/\S+)", letters()[0].body)[1]
    assert "链接无效" in client.get(path, follow=True).content.decode()


def test_a_user_without_an_address_is_led_to_its_form(desk, staff):
    """No administrator is needed."""
    page = desk("editor").get(reverse("admin:notification_choices")).content.decode()
    note = re.search(r'<p class="note note-info">(.*?)</p>', page, re.DOTALL)[1]
    assert f'href="{reverse("accounts_address")}"' in note
    assert "管理员" not in note


def test_a_new_address_is_shown_to_be_ones_own(desk, staff):
    User.objects.filter(username="head").update(email="head@paper.example")
    editor = desk("editor")
    url = reverse("accounts_address")
    wrong = editor.post(url, {"email": "e@paper.example", "password": "guess"})
    assert (wrong.status_code, "密码不对" in wrong.content.decode()) == (400, True)
    assert 'value="e@paper.example"' in wrong.content.decode()
    taken = editor.post(url, {"email": "head@paper.example", "password": "for-tests-only"})
    assert "另一个账号" in taken.content.decode()
    editor.post(url, {"email": "E@paper.example", "password": "for-tests-only"})
    assert User.objects.get(username="editor").email == ""
    (letter,) = letters()
    path = re.search(r"http://testserver(/\S+)", letter.body)[1]
    assert letter.to == ["e@paper.example"]
    assert desk("head").post(path).status_code == 404, "another's letter"
    assert editor.get(path).status_code == 200
    assert User.objects.get(username="editor").email == "", "a look changes nothing"
    editor.post(path)
    assert User.objects.get(username="editor").email == "e@paper.example"
    assert editor.post(path).status_code == 404, "a letter is good once"
    editor.post(url, {"email": "", "password": "for-tests-only"})
    assert User.objects.get(username="editor").email == ""


def test_the_administrator_makes_a_link_for_who_has_no_address(desk, client, staff):
    url = reverse("admin:accounts_act", args=[staff["editor"].pk, "link"])
    page = desk("administrator").post(url).content.decode()
    path = re.search(r'value="http://testserver(/[^"]+)"', page)[1]
    editor = desk("editor")
    client.post(path, {"new_password1": PASSWORD, "new_password2": PASSWORD})
    assert log_in(Client(), "editor", PASSWORD).status_code == 302
    assert editor.get("/desk/").status_code == 302, "old sessions have ended"


def test_a_mail_server_that_is_down_does_not_stop_the_link(desk, staff, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    User.objects.filter(username="editor").update(email="editor@paper.example")
    url = reverse("admin:accounts_act", args=[staff["editor"].pk, "link"])
    assert "邮件没有发出" in desk("administrator").post(url).content.decode()
    assert (
        Client().post("/desk/account/reset/", {"email": "editor@paper.example"}).status_code == 302
    )


def test_nobody_fills_the_mailbox_of_another(client, staff, clock):
    User.objects.filter(username="editor").update(email="editor@paper.example")
    for n in range(5):
        client.post("/desk/account/reset/", {"email": "editor@paper.example"}, **at_home(n))
    assert len(letters()) == 1
    clock(301)
    client.post("/desk/account/reset/", {"email": "editor@paper.example"})
    assert len(letters()) == 2


def test_who_asks_again_and_again_keeps_no_letter_back(client, staff, clock):
    """Only an e-mail that was sent counts, not a request that came too early."""
    User.objects.filter(username="editor").update(email="editor@paper.example")
    for _time in range(4):
        client.post("/desk/account/reset/", {"email": "editor@paper.example"})
        letters()
        clock(4 * 60)
    assert len(letters()) == 2


def test_a_request_is_given_up_after_an_hour(client, staff, settings, clock):
    """The user can ask again; no e-mail arrives hours later."""
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
