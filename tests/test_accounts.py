"""Rules of the logins: by invitation only, throttled, a second factor, sessions one can end."""

from __future__ import annotations

import base64
import datetime as dt
import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import User
from django.core import mail
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
from paper.models import Section

from . import factories

PASSWORD = "kai-men-wen-1987"
SECRET = base64.b32encode(b"for-tests-only-12345").decode()


@pytest.fixture(autouse=True)
def _no_count_of_before(db):
    cache.clear()


def code_at(seconds: float, secret: str = SECRET) -> str:
    """The code that an authenticator app shows at a moment."""
    return format_hotp_value(hotp_value(secret, int(seconds) // 30))


def with_factor(user: User) -> User:
    TOTP.activate(user, SECRET)
    return user


def invite(staff, **more: object) -> tuple[User, str]:
    facts = {"username": "xinren", "last_name": "新", "first_name": "人", "roles": ["editor"]}
    person = Person(**{**facts, **more})
    return services.invite(person, by=staff["administrator"], at=timezone.now())


def link_url(token: str) -> str:
    return reverse("accounts_link", args=[token])


def choose(client: Client, token: str, password: str = PASSWORD):
    return client.post(link_url(token), {"new_password1": password, "new_password2": password})


def log_in(client: Client, name: str, password: str = "for-tests-only", **more: str):
    return client.post("/desk/login/", {"username": name, "password": password}, **more)


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


# Deactivation and roles


def test_who_is_deactivated_is_out_at_once(desk, staff, now):
    article = factories.make_in("first_reading", staff["correspondent"], now)
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
    client.post("/desk/account/reset/", {"email": "editor@paper.example"})
    (letter,) = mail.outbox
    path = re.search(r"http://testserver(/\S+)", letter.body)[1]
    form = client.get(path, follow=True)
    answer = client.post(
        form.redirect_chain[-1][0], {"password1": PASSWORD, "password2": PASSWORD}, follow=True
    )
    assert "密码已设好" in answer.content.decode()
    assert log_in(Client(), "editor", PASSWORD).status_code == 302


def test_the_reset_does_not_tell_who_has_a_login(client, staff):
    User.objects.filter(username="editor").update(email="editor@paper.example")
    answers = []
    for address in ("editor@paper.example", "nobody@paper.example"):
        answer = client.post("/desk/account/reset/", {"email": address}, follow=True)
        answers.append(re.sub(r'value="\w{64}"', "", answer.content.decode()))
    assert answers[0] == answers[1]
    assert len(mail.outbox) == 1


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


def test_failed_logins_are_limited_for_all_processes_together(client, staff):
    for _time in range(5):
        assert "用户名或密码不对" in log_in(client, "editor", "wrong").content.decode()
    refused = log_in(Client(), "editor").content.decode()
    assert "登录失败次数太多" in refused
    assert log_in(Client(), "head", REMOTE_ADDR="127.0.0.9").status_code == 302


def test_a_forged_address_does_not_get_around_the_limit(client, paper):
    answers = [
        log_in(client, f"name{n}", "wrong", HTTP_X_FORWARDED_FOR=f"10.0.0.{n}") for n in range(40)
    ]
    assert answers[-1].status_code == 429
    assert "操作太频繁" in answers[-1].content.decode()


def test_codes_are_limited_too(client, staff):
    with_factor(staff["chief"])
    log_in(client, "chief")
    for _time in range(5):
        client.post("/desk/account/factor/authenticate/", {"code": "000000"})
    answer = client.post("/desk/account/factor/authenticate/", {"code": code_at(time.time())})
    assert answer.status_code in {200, 429}
    assert client.get("/desk/").status_code == 302


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
    urls = [url for url in _desk_urls() if not is_open_without_factor(url)]
    assert len(urls) > 30
    for url in urls:
        for answer in (client.get(url), client.post(url, {"x": "1"})):
            assert answer["Location"] == reverse("mfa_activate_totp"), url
    json = client.post("/desk/counts/", headers={"Accept": "application/json"})
    assert json.status_code == 403


@pytest.mark.parametrize(
    ("setting", "free"),
    [
        ("off", {"correspondent", "reporter", "editor", "head", "chief", "administrator"}),
        ("editors", {"correspondent", "reporter"}),
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
    with_factor(staff["chief"])
    code = code_at(time.time())
    seen = []
    for client in (Client(), Client()):
        log_in(client, "chief")
        client.post("/desk/account/factor/authenticate/", {"code": code})
        seen.append(client.get("/desk/").status_code)
    assert seen == [200, 302]


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


def test_the_pages_of_a_login_hold_the_policy_and_are_chinese(desk, client, staff):
    inline = re.compile(r"<script(?![^>]*\b(?:src|nonce)=)[^>]*>\s*\S|<style|\sstyle=|\son[a-z]+=")
    editor = desk("editor")
    for url in ("/desk/account/", "/desk/account/factor/totp/activate/", "/desk/account/again/"):
        text = editor.get(url, follow=True).content.decode()
        assert inline.findall(text) == [], url
        assert 'lang="zh-hans"' in text
    for url in ("/desk/login/", "/desk/account/reset/", "/desk/account/reset/sent/"):
        assert inline.findall(client.get(url).content.decode()) == [], url
