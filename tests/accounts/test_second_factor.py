"""Rule: a user who needs a second factor can do nothing before its set-up; a code works once."""

from __future__ import annotations

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts import services
from accounts.middleware import is_open_without_factor
from accounts.models import AccountEvent
from accounts.services import Person
from paper.permissions import Role
from tests.helpers.logins import (
    SECRET,
    code_at,
    log_in,
    with_factor,
)

NOW = timezone.now


def _desk_urls(patterns=None, prefix="/desk/") -> list[str]:
    """Yield every URL of the desk whose arguments are numbers or words."""
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
    """Even in another notation, and after the library's own record of its use has expired."""
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
    """The password is asked for again only if it was entered long ago."""
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
    """Return the URL for changing the phone, and the new secret that the page shows."""
    url = reverse("accounts_new_phone")
    return url, re.search(r"<code>(\w+)</code>", browser.get(url).content.decode())[1]


def test_users_change_their_own_phone(settings, staff):
    """The old phone is valid until the first code of the new one is correct."""
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
    """A demoted user removes it; as chief the user must set it up again in every old session."""
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
