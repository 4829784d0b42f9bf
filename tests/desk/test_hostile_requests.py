"""Rules: hostile or clumsy use of the desk is refused with a message, and harms nobody."""

from __future__ import annotations

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import User
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.test import Client

from accounts import services as accounts
from articles import services
from articles.models import UnsavedForm
from articles.services import unsaved_forms
from notifications import services as notifications
from notifications.models import NotificationEvent
from outbox.services import run_due
from paper.models import Paper
from tests.helpers import factories

PASSWORD = "for-tests-only"
FORM = {
    "kind": "story",
    "headline": "水闸换了电动机",
    "body": "<p>全镇六座水闸装上了电动机。</p>",
    "byline": "通讯员 甲乙丙",
    "photos-TOTAL_FORMS": 0,
    "photos-INITIAL_FORMS": 0,
}


# Logins


def test_who_was_shut_out_a_moment_before_shuts_nobody_out(staff, now):
    first, second = staff["administrator"], factories.make_user("second", "administrator")
    seen_before = User.objects.get(pk=first.pk)
    reporter = accounts.Person("second", "乙", roles=["reporter"])
    assert accounts.permissions.may_manage_logins(seen_before)
    accounts.deactivate(first, by=second, at=now)
    for attempt in (
        lambda: accounts.deactivate(second, by=seen_before, at=now),
        lambda: accounts.change_person(second, reporter, by=seen_before, at=now),
    ):
        with pytest.raises(PermissionDenied):
            attempt()
    assert User.objects.filter(groups__name="administrator", is_active=True).get() == second


def test_a_session_is_ended_from_outside_after_its_person_chose_a_new_password(staff, now):
    client, new = Client(), "Korn-blume-77"
    client.post("/desk/login/", {"username": "chief", "password": PASSWORD})
    form = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert client.post("/desk/password_change/", form).status_code == 302
    keys = UserSession.objects.filter(user=staff["chief"]).values_list("session_key", flat=True)
    assert client.cookies["sessionid"].value in keys
    accounts.end_all_sessions(staff["chief"], by=staff["administrator"], at=now)
    assert client.get("/desk/").status_code == 302


@pytest.mark.parametrize("target", ["abc", "a:b", "//elsewhere.example", "/\\elsewhere", "１"])
def test_a_login_leads_to_whole_paths_of_this_site_only(desk, staff, target):
    assert desk("chief").get("/desk/login/", {"next": target}).headers["Location"] == "/desk/"
    form = {"username": "chief", "password": PASSWORD, "next": target}
    assert Client().post("/desk/login/", form).headers["Location"] == "/desk/"


def test_a_paper_whose_name_has_two_lines_still_invites(desk, staff):
    Paper.objects.update(name="试验\n日报")
    form = {
        "username": "xinren",
        "last_name": "新",
        "roles": ["reporter"],
        "email": "a@paper.example",
    }
    assert desk("administrator").post("/desk/auth/user/add/", form).status_code == 200
    assert "\n" not in mail.outbox[0].subject


def test_no_list_is_filtered_by_what_it_does_not_offer(desk, staff):
    client = desk("administrator")
    for query in ("password__startswith=a", "id__in=" + "9" * 30):
        assert client.get(f"/desk/auth/user/?{query}").status_code == 400
    assert client.get("/desk/auth/user/?standing=active").status_code == 200


def test_a_letter_that_cannot_be_written_stops_no_other(staff, now):
    User.objects.filter(username="head").update(email="head@paper.example")
    staff["head"].refresh_from_db()
    for number, data in enumerate(({}, {"by": "甲", "title": "标题", "note": "注"})):
        facts = {"data": data, "url": "/desk/", "at": now}
        notifications.notify(
            [staff["head"]], NotificationEvent.WITHDRAWN, "withdrawn", key=str(number), **facts
        )
    assert run_due(now) == 1


# Text


def test_nul_in_a_form_after_the_session_ended_costs_nothing_of_the_text(client, staff):
    form = {
        **FORM,
        "owner": unsaved_forms.owner_token(staff["reporter"]),
        "window_id": "window-one-0001",
    }
    client.post("/desk/articles/article/add/", {**form, "body": "<p>水\0闸</p>"})
    assert dict(UnsavedForm.objects.get().fields)["body"] == "<p>水闸</p>"


def test_nul_in_the_note_of_a_pass_costs_nothing(desk, staff, now):
    article = factories.make_in("first_review", staff["correspondent"], now)
    services.take(article, user=staff["editor"], at=now)
    article.refresh_from_db()
    form = {**FORM, "section": article.section_id, "version": article.version, "then": "approve"}
    desk("editor").post(f"/desk/articles/article/{article.pk}/change/", {**form, "note": "可\0用"})
    assert article.reviews.get().note == "可用"


@pytest.mark.parametrize("form", [{f"f{n}": "1" for n in range(1100)}, {"body": "长" * 3_000_000}])
def test_a_form_that_is_too_large_is_refused_in_words(desk, form):
    answer = desk("correspondent").post("/desk/articles/article/add/", form)
    assert answer.status_code == 400
    assert "您写的内容还在" in answer.content.decode()


def test_a_broken_request_before_any_login_is_refused(client, db):
    assert client.get("/desk/?a=%00").status_code == 400


@pytest.mark.parametrize("number", ["1000", "9223372036854775808", "１０００"])
def test_a_made_up_number_of_photos_shows_no_more_rows_than_there_may_be(desk, number):
    form = {"headline": "水闸", "photos-TOTAL_FORMS": number, "photos-INITIAL_FORMS": 0}
    answer = desk("correspondent").post("/desk/articles/article/add/", form)
    assert answer.status_code == 400
    assert answer.content.decode().count('-caption" ') < 30
