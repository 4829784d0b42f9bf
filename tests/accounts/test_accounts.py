"""Rules of the logins: by invitation only, throttled, a second factor, sessions one can end."""

from __future__ import annotations

import datetime as dt
import html
import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts import services
from accounts.middleware import is_open_without_factor
from accounts.models import AccountEvent, Link
from accounts.services import Person
from articles import services as articles
from articles.models import Article
from bylines.models import Contributor
from paper.models import Section, Town
from paper.permissions import Role
from tests.helpers import factories
from tests.helpers.logins import (
    PASSWORD,
    SECRET,
    choose,
    code_at,
    invite,
    letters,
    link_url,
    log_in,
    slow_down,
    with_factor,
)
from tests.helpers.paths import ROOT

NOW = timezone.now


# Invitations


def test_an_invitation_leads_into_the_desk(desk, client, staff):
    section = Section.objects.get(slug="news")
    writer = Contributor.objects.create(name="新人")
    page = desk("administrator").post(
        reverse("admin:auth_user_add"),
        {
            "username": "xinren",
            "last_name": "新",
            "first_name": "人",
            "roles": ["editor"],
            "sections": [section.pk],
            "contributor": writer.pk,
        },
    )
    (path,) = re.findall(
        r'value="http://testserver(/desk/account/link/[^"]+)"', page.content.decode()
    )
    assert not User.objects.get(username="xinren").is_active
    assert "xinren" in client.get(path).content.decode()
    answer = client.post(path, {"new_password1": PASSWORD, "new_password2": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/desk/")
    assert "写稿" in client.get("/desk/").content.decode()
    user = User.objects.get(username="xinren")
    assert list(user.sections.all()) == [section]
    assert user.contributor == writer
    assert log_in(Client(), "xinren", PASSWORD).status_code == 302


def invited_by_form(browser: Client, **more: object) -> str:
    """The page after an invitation by its form."""
    form = {"username": "xinren", "last_name": "新", "first_name": "人", **more}
    return browser.post(reverse("admin:auth_user_add"), form).content.decode()


def test_who_is_invited_to_write_has_his_town_and_unit_at_once(desk, client, staff):
    town = Town.objects.get(slug="baisha")
    page = desk("administrator").get(reverse("admin:auth_user_add")).content.decode()
    assert 'name="town"' in page
    said = invited_by_form(
        desk("administrator"), roles=["correspondent"], town=town.pk, unit="白沙中学"
    )
    made = Contributor.objects.get(user__username="xinren")
    assert (made.name, made.town, made.unit) == ("新人", town, "白沙中学")
    path = re.search(r'value="http://testserver(/desk/account/link/[^"]+)"', said)[1]
    client.post(path, {"new_password1": PASSWORD, "new_password2": PASSWORD})
    form = client.get(reverse("admin:articles_article_add")).context["form"]
    assert (form["unit"].value(), form["towns"].value()) == ("白沙中学", [town.pk])


@pytest.mark.parametrize(
    ("roles", "kind", "signs"),
    [
        (["reporter"], "reporter", "记者"),
        (["correspondent"], "correspondent", "通讯员"),
        (["correspondent", "editor"], "reporter", "记者"),
        (["editor"], "reporter", "记者"),
        (["chief"], "reporter", "记者"),
    ],
)
def test_who_is_invited_signs_as_his_role_says(desk, client, staff, roles, kind, signs):
    """The contributor is there with the login, whoever is invited."""
    _user, token = invite(staff, roles=roles)
    assert Contributor.objects.filter(user__username="xinren").exists()
    choose(client, token)
    form = client.get(reverse("admin:articles_article_add")).context["form"]
    assert Contributor.objects.get(user__username="xinren").kind == kind
    assert signs in form["byline"].value()


def test_a_contributor_there_is_keeps_his_own_town(desk, staff):
    town = Town.objects.get(slug="baisha")
    writer = Contributor.objects.create(name="新人")
    keeper = desk("administrator")
    said = invited_by_form(keeper, roles=["reporter"], contributor=writer.pk, town=town.pk)
    assert "自己的镇街和单位" in said
    invited_by_form(keeper, roles=["reporter"], contributor=writer.pk)
    assert list(Contributor.objects.filter(user__username="xinren")) == [writer]


def test_a_link_works_once(client, staff):
    _user, token = invite(staff)
    assert choose(client, token).status_code == 302
    for again in (client.get(link_url(token)), choose(Client(), token, "lai-guo-de-1988")):
        assert again.status_code == 404
        assert "此链接已用过或已过期" in again.content.decode()
    assert not User.objects.get(username="xinren").check_password("lai-guo-de-1988")


def test_two_who_open_one_link_at_once_choose_one_password(staff, now):
    _user, token = invite(staff)
    first, second = (services.find_link(token, at=timezone.now()) for _time in range(2))
    services.accept(first, PASSWORD, at=timezone.now())
    with pytest.raises(ValidationError, match="用过"):
        services.accept(second, "lai-guo-de-1988", at=timezone.now())


def test_a_link_that_is_old_revoked_or_guessed_is_none(client, staff):
    user, token = invite(staff)
    later = timezone.now() + dt.timedelta(days=services.LINK_DAYS)
    assert services.find_link(token, at=later) is None
    assert client.get(link_url(token[:-1] + "x")).status_code == 404
    services.revoke_links(user, by=staff["administrator"], at=timezone.now())
    assert choose(client, token).status_code == 404


def test_a_new_link_makes_the_old_one_useless(client, staff):
    user, old = invite(staff)
    new = services.new_link(user, by=staff["administrator"], at=timezone.now())
    assert client.get(link_url(old)).status_code == 404
    assert choose(client, new).status_code == 302


def test_the_link_itself_is_kept_nowhere(staff):
    _user, token = invite(staff)
    assert token not in str(Link.objects.values())


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("12345678", "12345678", "数字"),
        ("short-1", "short-1", "8"),
        (PASSWORD, PASSWORD + "x", "不一致|不匹配|并不匹配"),
    ],
)
def test_a_weak_password_is_refused_in_words(client, staff, first, second, said):
    _user, token = invite(staff)
    answer = client.post(link_url(token), {"new_password1": first, "new_password2": second})
    assert answer.status_code == 400
    assert re.search(said, answer.content.decode())
    assert client.get(link_url(token)).status_code == 200


def test_an_invitation_says_what_is_wrong_and_loses_nothing(desk, staff):
    form = {"username": "EDITOR", "last_name": "周", "roles": []}
    page = desk("administrator").post(reverse("admin:auth_user_add"), form)
    text = page.content.decode()
    assert page.status_code == 400
    assert "此用户名已有人用" in text
    assert 'value="周"' in text


@pytest.mark.parametrize("role", ["correspondent", "reporter", "editor", "head", "chief"])
def test_only_the_administrator_keeps_the_logins(desk, staff, role):
    user, _token = invite(staff)
    client = desk(role)
    assert client.get(reverse("admin:auth_user_add")).status_code == 403
    assert client.get(reverse("admin:auth_user_changelist")).status_code == 403
    for name in ("link", "revoke", "deactivate", "reactivate", "remove-factor", "end-sessions"):
        url = reverse("admin:accounts_act", args=[user.pk, name])
        assert client.post(url).status_code == 403, name
    with pytest.raises(PermissionDenied):
        services.deactivate(user, by=staff[role], at=timezone.now())


def test_the_first_administrator_is_invited_from_the_console(client, paper, capsys):
    call_command("invite", "admin", "--role", "administrator")
    path = re.search(r"/desk/account/link/\S+", capsys.readouterr().out)[0]
    assert (
        client.post(path, {"new_password1": PASSWORD, "new_password2": PASSWORD}).status_code == 302
    )
    assert client.get(reverse("admin:auth_user_changelist")).status_code == 200
    with pytest.raises(CommandError):
        call_command("invite", "admin", "--role", "administrator")


def test_nobody_signs_himself_up(client, paper):
    for url in ("/desk/account/signup/", "/desk/account/email/"):
        assert client.get(url).status_code == 404
        assert client.post(url, {"username": "x", "password1": PASSWORD}).status_code == 404


def test_names_and_addresses_are_kept_plain_and_are_one_persons(client, desk, staff):
    """Two names that differ in capitals would shut both out; an address opens one login."""
    User.objects.filter(username="editor").update(email="editor@paper.example")
    user, token = invite(staff, username="ｌａｏｗａｎｇ", email="Lao.Wang@Paper.Example")
    choose(Client(), token)
    for name in ("laowang", "LaoWang", "ｌａｏｗａｎｇ", "lao.wang@PAPER.example"):
        assert log_in(Client(), name, PASSWORD).status_code == 302, name
    for wrong in ({"username": "Editor"}, {"email": "EDITOR@paper.example"}):
        with pytest.raises(ValidationError, match=r"已有|另一个账号"):
            invite(staff, **{"username": "other", **wrong})
        form = {"username": "laowang", "last_name": "王", "roles": ["editor"], **wrong}
        url = reverse("admin:auth_user_change", args=[user.pk])
        page = desk("administrator").post(url, form).content.decode()
        assert re.search("已有|另一个账号", page), wrong
    user.refresh_from_db()
    assert (user.username, user.email) == ("laowang", "lao.wang@paper.example")


def test_a_link_opened_in_anothers_browser_lets_its_own_person_in(desk, staff):
    """The administrator tries the link of somebody with a second factor: no way around it."""
    with_factor(staff["chief"])
    token = services.new_link(staff["chief"], by=staff["administrator"], at=timezone.now())
    browser = desk("administrator")
    assert choose(browser, token)["Location"].startswith("/desk/account/factor/authenticate/")
    assert browser.get("/desk/")["Location"].startswith("/desk/login/")
    browser.post("/desk/account/factor/authenticate/", {"code": code_at(time.time())})
    assert "chief" in browser.get("/desk/account/").content.decode()


def test_a_link_for_a_password_does_not_let_in_who_is_deactivated(staff):
    at = timezone.now()
    token = services.new_link(staff["editor"], by=staff["administrator"], at=at)
    found = services.find_link(token, at=at)
    User.objects.filter(username="editor").update(is_active=False)
    with pytest.raises(ValidationError, match="停用"):
        services.accept(found, PASSWORD, at=at)


def test_the_console_lets_the_last_administrator_in_again(client, staff, capsys):
    with_factor(staff["administrator"])
    call_command("reset_login", "Administrator", "--factor")
    path = re.search(r"/desk/account/link/\S+", capsys.readouterr().out)[0]
    client.post(path, {"new_password1": PASSWORD, "new_password2": PASSWORD})
    assert client.get(reverse("admin:auth_user_changelist")).status_code == 200
    assert AccountEvent.objects.get(what="factor_removed").by is None
    with pytest.raises(CommandError):
        call_command("reset_login", "nobody")


# Deactivation and roles


def test_who_is_deactivated_is_out_at_once(desk, staff, now):
    article = factories.make_in("first_review", staff["correspondent"], now)
    articles.take(article, user=staff["editor"], at=timezone.now())
    editor = desk("editor")
    url = reverse("admin:accounts_act", args=[staff["editor"].pk, "deactivate"])
    desk("administrator").post(url)
    assert editor.get("/desk/")["Location"].startswith("/desk/login/")
    assert log_in(Client(), "editor").status_code == 200
    # What he had taken waits for others again.
    article = Article.objects.get(pk=article.pk)
    assert article.held_by(timezone.now()) is None
    articles.take(article, user=staff["head"], at=timezone.now())


def test_deactivating_is_asked_on_a_page_first(desk, staff):
    """One tap beside other buttons shuts nobody out."""
    keeper, user = desk("administrator"), staff["editor"]
    url = reverse("admin:accounts_act", args=[user.pk, "deactivate"])
    page = keeper.get(reverse("admin:auth_user_change", args=[user.pk])).content.decode()
    assert f'<a class="button button-danger" href="{url}"' in page
    assert f'action="{url}"' not in page
    asked = keeper.get(url)
    assert "停用editor的账号？" in asked.content.decode()
    assert User.objects.get(pk=user.pk).is_active, "a look changes nothing"
    keeper.post(url)
    assert not User.objects.get(pk=user.pk).is_active
    assert desk("chief").get(url).status_code == 403
    for name in ("link", "reactivate", "end-sessions"):
        other = reverse("admin:accounts_act", args=[user.pk, name])
        assert keeper.get(other).status_code == 405, name


def test_the_record_of_a_login_stands_on_its_page_alone(desk, staff):
    """The stock history would say that nobody has changed it."""
    keeper, user = desk("administrator"), staff["editor"]
    services.end_all_sessions(user, by=staff["administrator"], at=NOW())
    history = reverse("admin:auth_user_history", args=[user.pk])
    page = keeper.get(history, follow=True).content.decode()
    assert "还没有人在这里改过它" not in page
    assert "结束登录" in page
    assert history not in page


def test_who_is_deactivated_is_told_so_if_he_knows_the_password(staff):
    services.deactivate(staff["editor"], by=staff["administrator"], at=NOW())
    right = log_in(Client(), "editor").content.decode()
    assert "此账号已停用，请联系管理员" in right
    assert "没有角色" not in right
    wrong, nobody = (log_in(Client(), n, "x").content.decode() for n in ("editor", "nobody"))
    assert "停用" not in wrong
    assert "用户名或密码不对" in wrong
    assert "用户名或密码不对" in nobody


def test_who_is_reactivated_is_in_again(staff):
    at = timezone.now()
    services.deactivate(staff["editor"], by=staff["administrator"], at=at)
    services.reactivate(User.objects.get(username="editor"), by=staff["administrator"], at=at)
    assert log_in(Client(), "editor").status_code == 302


def test_an_administrator_does_not_lock_the_paper_out(staff):
    admin, at = staff["administrator"], timezone.now()
    with pytest.raises(ValidationError, match="自己"):
        services.deactivate(admin, by=admin, at=at)
    with pytest.raises(ValidationError, match="最后"):
        services.deactivate(admin, by=None, at=at)


def test_the_list_shows_how_each_login_stands(desk, settings, staff):
    settings.SECOND_FACTOR = "editors"
    admin = desk("administrator")
    with_factor(staff["administrator"])
    invite(staff)
    services.deactivate(staff["reporter"], by=staff["administrator"], at=timezone.now())
    names = {
        "active": set(staff) - {"reporter"},
        "invited": {"xinren"},
        "deactivated": {"reporter"},
    }
    for state, expected in names.items():
        page = admin.get(reverse("admin:auth_user_changelist"), {"standing": state})
        assert {user.username for user in page.context["cl"].result_list} == expected
    text = admin.get(reverse("admin:auth_user_changelist")).content.decode()
    assert text.count("未设置") == 3
    assert "邀请" in text


def test_nobody_changes_his_own_roles(desk, staff):
    admin = staff["administrator"]
    url = reverse("admin:auth_user_change", args=[admin.pk])
    form = {"username": "administrator", "last_name": "管", "roles": ["administrator", "chief"]}
    answer = desk("administrator").post(url, form)
    assert "不能改自己的角色" in answer.content.decode()
    assert set(admin.groups.values_list("name", flat=True)) == {"administrator"}


def test_roles_and_sections_are_changed_by_the_form(desk, staff):
    section = Section.objects.get(slug="literature")
    url = reverse("admin:auth_user_change", args=[staff["reporter"].pk])
    form = {
        "username": "reporter",
        "last_name": "记",
        "roles": ["editor"],
        "sections": [section.pk],
    }
    assert desk("administrator").post(url, form).status_code == 302
    reporter = User.objects.get(username="reporter")
    assert [g.name for g in reporter.groups.all()] == ["editor"]
    assert list(reporter.sections.all()) == [section]
    assert reporter.check_password("for-tests-only")
    assert AccountEvent.objects.get(what="roles").note == "reporter → editor"


def test_the_form_of_a_login_keeps_what_it_does_not_show(desk, staff):
    """No stock field switches a login on or makes a superuser."""
    user, _token = invite(staff)
    url = reverse("admin:auth_user_change", args=[user.pk])
    form = {"username": "xinren", "last_name": "新", "roles": ["editor"]}
    desk("administrator").post(
        url, {**form, "is_active": "on", "is_superuser": "on", "password": "x"}
    )
    user.refresh_from_db()
    assert (user.is_active, user.is_superuser, user.has_usable_password()) == (False, False, False)


# Passwords


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
    """Who forgot his password has tried it five times: the new one must open the desk at once."""
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
    """The first name of the settings is, where nothing else says where the desk is."""
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
    """The login library notes addresses in a table of its own at each reset."""
    User.objects.filter(username="editor").update(email="old@paper.example")
    client.post("/desk/account/reset/", {"email": "old@paper.example"})
    assert len(letters()) == 1
    services.change_address(User.objects.get(username="editor"), "new@paper.example", at=NOW())
    for address in ("old@paper.example", "new@paper.example"):
        client.post("/desk/account/reset/", {"email": address})
    assert [letter.to for letter in letters()] == [["old@paper.example"], ["new@paper.example"]]
    path = re.search(r"http://testserver(/\S+)", letters()[0].body)[1]
    assert "链接无效" in client.get(path, follow=True).content.decode()


def test_who_has_no_address_is_led_to_where_he_gives_one(desk, staff):
    """He needs no administrator for it."""
    page = desk("editor").get(reverse("admin:notification_choices")).content.decode()
    note = re.search(r'<p class="note note-info">(.*?)</p>', page)[1]
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


# Limits


@pytest.mark.parametrize("letter", ["a", "ａ", "报", "\ufdfa"])
def test_a_login_with_an_endless_name_is_refused_in_words(client, paper, letter):
    """Also where its plain form is longer than what was typed."""
    for length in (100_000, 254):
        answer = log_in(client, letter * length)
        assert answer.status_code == 200, length
    assert "用户名最多 254 个字" in log_in(client, letter * 255).content.decode()


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
    """A link cannot be guessed; who tries many spoils none that is real."""
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


# The second factor


def _desk_urls(patterns=None, prefix="/desk/") -> list[str]:
    """Every address of the desk that takes no argument but numbers and words."""
    if patterns is None:
        (desk,) = [p for p in get_resolver().url_patterns if getattr(p, "app_name", "") == "admin"]
        patterns = desk.url_patterns
    found = []
    for pattern in patterns:
        part = re.sub(
            r"<(?:int:)?\w+>", "1", re.sub(r"<(?:path|str|slug):\w+>", "x", str(pattern.pattern))
        )
        if isinstance(pattern, URLResolver):
            found += _desk_urls(pattern.url_patterns, prefix + part)
        elif isinstance(pattern, URLPattern) and "(" not in part:
            found.append(prefix + part)
    return found


def test_who_needs_a_second_factor_does_nothing_before_it(desk, settings, staff):
    settings.SECOND_FACTOR = "editors"
    client = desk("chief")
    own = [reverse(f"accounts_{name}") for name in ("mine", "address", "end_others")]
    urls = own + [url for url in _desk_urls() if not is_open_without_factor(url)]
    assert len(urls) > 30
    for url in urls:
        for answer in (client.get(url), client.post(url, {"x": "1"})):
            assert answer["Location"] == reverse("mfa_activate_totp"), url
    json = client.post("/desk/counts/", headers={"Accept": "application/json"})
    assert json.status_code == 403


@pytest.mark.parametrize(
    ("setting", "free"),
    [
        ("off", set(Role.values)),
        ("editors", {"correspondent", "office", "reporter", "proofreader", "layout"}),
        ("all", set()),
    ],
)
def test_who_needs_one_is_a_setting(desk, settings, staff, setting, free):
    settings.SECOND_FACTOR = setting
    assert {role for role in staff if desk(role).get("/desk/").status_code == 200} == free


def test_a_factor_is_set_up_and_asked_for(client, settings, staff):
    settings.SECOND_FACTOR = "editors"
    assert log_in(client, "chief")["Location"] == "/desk/"
    page = client.get("/desk/", follow=True)
    text = page.content.decode()
    assert "data:image/svg+xml" in text, page.redirect_chain
    secret = re.search(r"<code>(\w+)</code>", text)[1]
    wrong = client.post("/desk/account/factor/totp/activate/", {"code": "000000"})
    assert "验证码不对" in wrong.content.decode()
    assert secret in wrong.content.decode()
    code = code_at(time.time(), secret)
    done = client.post("/desk/account/factor/totp/activate/", {"code": code}, follow=True)
    codes = re.findall(r"<li><code>(\d{8})</code>", done.content.decode())
    assert len(codes) == 10
    assert codes[0] not in client.get("/desk/account/factor/recovery-codes/").content.decode()
    assert client.get("/desk/").status_code == 200
    other = Client()
    assert log_in(other, "chief")["Location"].startswith("/desk/account/factor/authenticate/")
    assert other.get("/desk/").status_code == 302
    other.post("/desk/account/factor/authenticate/", {"code": codes[0]})
    assert other.get("/desk/").status_code == 200
    third = Client()
    log_in(third, "chief")
    third.post("/desk/account/factor/authenticate/", {"code": codes[0]})
    assert third.get("/desk/").status_code == 302, "a recovery code works once"


def test_a_code_works_once(staff):
    """Also written otherwise, and after the library has forgotten that it was used."""
    with_factor(staff["chief"])
    code = code_at(time.time() + 30)
    seen = []
    for typed in (code, code, f"{code[:3]} {code[3:]}"):
        client = Client()
        log_in(client, "chief")
        cache.delete(f"allauth.mfa.totp.used?user={staff['chief'].pk}&code={code}")
        client.post("/desk/account/factor/authenticate/", {"code": typed})
        seen.append(client.get("/desk/").status_code)
    assert seen == [200, 302, 302]


def test_the_way_to_a_second_factor_leads_nowhere_else(desk, client, settings, staff):
    """The password is asked for again where it was given long ago, and never else."""
    settings.SECOND_FACTOR = "editors"
    log_in(client, "chief")
    for browser, said in ((client, "二维码"), (desk("chief"), "密码")):
        page = browser.get("/desk/", follow=True).content.decode()
        assert said in page
        assert "/desk/articles/" not in page
        assert "退出" in page


def test_the_secret_is_not_readable_in_the_database(staff):
    with_factor(staff["chief"])
    assert SECRET not in str(Authenticator.objects.values())


def test_who_must_have_a_factor_cannot_drop_it(client, settings, staff):
    settings.SECOND_FACTOR = "editors"
    with_factor(staff["chief"])
    log_in(client, "chief")
    client.post("/desk/account/factor/authenticate/", {"code": code_at(time.time())})
    client.post("/desk/account/factor/totp/deactivate/")
    assert Authenticator.objects.filter(user=staff["chief"]).exists()


def new_phone(browser: Client) -> tuple[str, str]:
    """The address at which a phone is changed, and the new secret that the page shows."""
    url = reverse("accounts_new_phone")
    return url, re.search(r"<code>(\w+)</code>", browser.get(url).content.decode())[1]


def test_who_must_have_a_factor_changes_his_phone_himself(settings, staff):
    """The old phone counts until the new one's first code is right."""
    settings.SECOND_FACTOR = "editors"
    with_factor(staff["chief"])
    here, there = Client(), Client()
    for browser, later in ((here, 0), (there, 30)):
        log_in(browser, "chief")
        browser.post("/desk/account/factor/authenticate/", {"code": code_at(time.time() + later)})
    assert reverse("accounts_new_phone") in here.get("/desk/account/").content.decode()
    url, secret = new_phone(here)
    assert "验证码不对" in here.post(url, {"code": "000000"}).content.decode()
    factor = Authenticator.objects.get(user=staff["chief"])
    assert factor.wrap().validate_code(code_at(time.time() - 30)), "the old phone still counts"
    done = here.post(url, {"code": code_at(time.time(), secret)}, follow=True)
    assert "新手机的验证码" in done.content.decode()
    factor = Authenticator.objects.get(user=staff["chief"])
    assert factor.wrap().validate_code(code_at(time.time(), secret))
    assert not factor.wrap().validate_code(code_at(time.time() + 30))
    assert secret not in str(Authenticator.objects.values())
    assert here.get("/desk/").status_code == 200
    assert there.get("/desk/").status_code == 302, "a lost phone is logged out"
    assert AccountEvent.objects.get(what="factor_renewed").by == staff["chief"]


def test_a_phone_is_changed_only_shortly_after_a_password(desk, client, settings, staff):
    settings.SECOND_FACTOR = "editors"
    with_factor(staff["chief"])
    url = reverse("accounts_new_phone")
    assert "再输一次密码" in desk("chief").get(url, follow=True).content.decode()
    assert client.get(url).status_code == 302
    log_in(client, "head")
    assert client.get(url)["Location"] == reverse("mfa_activate_totp"), "nothing to change"


def test_a_dropped_factor_counts_in_no_session_any_more(settings, staff):
    """Demoted, he drops it; made chief, he must set one up also where he was logged in before."""
    settings.SECOND_FACTOR = "editors"
    user = with_factor(staff["editor"])
    here, there = Client(), Client()
    for browser, later in ((here, 0), (there, 30)):
        log_in(browser, "editor")
        browser.post("/desk/account/factor/authenticate/", {"code": code_at(time.time() + later)})
        assert browser.get("/desk/").status_code == 200

    def give(role: str) -> None:
        person = Person("editor", "编", roles=[role])
        services.change_person(
            User.objects.get(pk=user.pk), person, by=staff["administrator"], at=NOW()
        )

    give("reporter")
    here.post("/desk/account/factor/totp/deactivate/")
    assert not Authenticator.objects.filter(user=user).exists()
    assert here.get("/desk/").status_code == 200
    give("chief")
    assert here.get("/desk/")["Location"] == reverse("mfa_activate_totp")
    assert there.get("/desk/")["Location"].startswith("/desk/login/")
    assert AccountEvent.objects.get(what="factor_removed").by == user


def test_a_lost_factor_is_removed_by_the_administrator(desk, settings, staff):
    with_factor(staff["chief"])
    url = reverse("admin:accounts_act", args=[staff["chief"].pk, "remove-factor"])
    desk("administrator").post(url)
    assert not Authenticator.objects.filter(user=staff["chief"]).exists()
    assert AccountEvent.objects.get(what="factor_removed").by == staff["administrator"]


# Sessions


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


def test_the_pages_of_a_login_hold_the_policy_and_are_chinese(desk, client, staff):
    inline = re.compile(r"<script(?![^>]*\b(?:src|nonce)=)[^>]*>\s*\S|<style|\sstyle=|\son[a-z]+=")
    editor = desk("editor")
    for url in ("/desk/account/", "/desk/account/factor/totp/activate/", "/desk/account/again/"):
        text = editor.get(url, follow=True).content.decode()
        assert inline.findall(text) == [], url
        assert 'lang="zh-hans"' in text
    for url in ("/desk/login/", "/desk/account/reset/", "/desk/account/reset/sent/"):
        assert inline.findall(client.get(url).content.decode()) == [], url


def test_the_pages_before_a_login_are_chinese_and_offer_english(client, staff):
    """Whatever the browser asks for: Chinese first, English at a tap, with the place kept."""
    _user, token = invite(staff)
    english = {"Accept-Language": "en-US,en;q=0.9"}
    for url in ("/desk/login/?next=/desk/articles/", "/desk/account/reset/", link_url(token)):
        page = client.get(url, headers=english).content.decode()
        assert 'lang="zh-hans"' in page, url
        way = re.search(r'href="(/language/en/[^"]+)" lang="en">English<', page)[1]
        chosen = Client()
        answer = chosen.get(html.unescape(way), follow=True)
        assert answer.redirect_chain[-1][0] == url
        text = answer.content.decode()
        assert '<html lang="en">' in text
        assert "/language/zh-hans/" in text


def test_a_login_has_one_name_at_the_desk(desk, staff):
    """It is 账号 in the navigation, the heading, the title, the way back and what is said."""
    client, user = desk("administrator"), staff["editor"]
    url = f"/desk/auth/user/{user.pk}/change/"
    form = {"username": "editor", "last_name": "王", "roles": ["editor"], "sections": []}
    pages = {
        "/desk/auth/user/": client.get("/desk/auth/user/"),
        url: client.get(url),
        "said": client.post(url, form, follow=True),
    }
    assert "<h1>账号</h1>" in pages["/desk/auth/user/"].content.decode()
    for name, page in pages.items():
        words = re.sub("用户名", "", page.content.decode())
        assert page.status_code == 200
        assert "用户" not in words, name
        assert "账号" in words, name
