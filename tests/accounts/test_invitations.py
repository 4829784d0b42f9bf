"""Rule: logins are created by invitation only, with a link that works once."""

from __future__ import annotations

import datetime as dt
import re
import time

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import services
from accounts.models import AccountEvent, Link
from bylines.models import Contributor
from paper.models import Section, Town
from tests.helpers.logins import (
    PASSWORD,
    choose,
    code_at,
    invite,
    link_url,
    log_in,
    with_factor,
)


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
    """Return the page after an invitation through the form."""
    form = {"username": "xinren", "last_name": "新", "first_name": "人", **more}
    return browser.post(reverse("admin:auth_user_add"), form).content.decode()


def test_an_invited_writer_has_town_and_unit_at_once(desk, client, staff):
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
def test_an_invited_user_has_a_contributor_of_the_kind_of_the_role(
    desk, client, staff, roles, kind, signs
):
    """The contributor exists with the login, whatever the role."""
    _user, token = invite(staff, roles=roles)
    assert Contributor.objects.filter(user__username="xinren").exists()
    choose(client, token)
    form = client.get(reverse("admin:articles_article_add")).context["form"]
    assert Contributor.objects.get(user__username="xinren").kind == kind
    assert signs in form["byline"].value()


def test_an_existing_contributor_keeps_its_town(desk, staff):
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
        (PASSWORD, PASSWORD + "x", "不一样"),
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
    """Names that differ only in case would lock out both users; an address belongs to one login."""
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
    """An administrator who opens the link of a user with a second factor cannot bypass it."""
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
