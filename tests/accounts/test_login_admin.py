"""Rule: only administrators manage logins; a deactivated user is logged out at once."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import services
from accounts.models import AccountEvent
from articles import services as articles
from articles.models import Article
from paper.models import Section
from tests.helpers import factories
from tests.helpers.logins import (
    invite,
    log_in,
    with_factor,
)

NOW = timezone.now


def test_who_is_deactivated_is_out_at_once(desk, staff, now):
    article = factories.make_in("first_review", staff["correspondent"], now)
    articles.take(article, user=staff["editor"], at=timezone.now())
    editor = desk("editor")
    url = reverse("admin:accounts_act", args=[staff["editor"].pk, "deactivate"])
    desk("administrator").post(url)
    assert editor.get("/desk/")["Location"].startswith("/desk/login/")
    assert log_in(Client(), "editor").status_code == 200
    # The articles that the user had taken are free again.
    article = Article.objects.get(pk=article.pk)
    assert article.held_by(timezone.now()) is None
    articles.take(article, user=staff["head"], at=timezone.now())


def test_deactivating_is_asked_on_a_page_first(desk, staff):
    """A single tap near other buttons must not deactivate anybody."""
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
    """The stock history page would be empty."""
    keeper, user = desk("administrator"), staff["editor"]
    services.end_all_sessions(user, by=staff["administrator"], at=NOW())
    history = reverse("admin:auth_user_history", args=[user.pk])
    page = keeper.get(history, follow=True).content.decode()
    assert "还没有人在这里改过它" not in page
    assert "结束登录" in page
    assert history not in page


def test_a_deactivated_user_is_told_so_after_the_right_password(staff):
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


def test_nobody_changes_their_own_roles(desk, staff):
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
    """No stock field activates a login or makes it a superuser."""
    user, _token = invite(staff)
    url = reverse("admin:auth_user_change", args=[user.pk])
    form = {"username": "xinren", "last_name": "新", "roles": ["editor"]}
    desk("administrator").post(
        url, {**form, "is_active": "on", "is_superuser": "on", "password": "x"}
    )
    user.refresh_from_db()
    assert (user.is_active, user.is_superuser, user.has_usable_password()) == (False, False, False)
