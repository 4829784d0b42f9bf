"""Rule: a form that is sent after the end of its session is restored after the login."""

from __future__ import annotations

import datetime as dt

from django.contrib.sessions.models import Session
from django.test import Client

from articles.models import Article, UnsavedForm
from articles.services import unsaved_forms
from tests.helpers import factories
from tests.helpers.autosaves import FORM, TAB, send, url_of


def test_without_a_session_the_answer_says_so(desk, article):
    client = desk("correspondent")
    Session.objects.all().delete()
    assert send(client, article, 1).status_code == 401
    assert client.post(url_of(article, "presence"), {"window_id": TAB}).status_code == 401
    assert client.get("/desk/articles/article/session/").status_code == 401


def test_the_session_tells_its_owner_and_a_token(desk, author):
    answer = desk("correspondent").get("/desk/articles/article/session/").json()
    assert answer["user"] == author.pk
    assert len(answer["token"]) >= 32


def lost_post(client: Client, article: Article | None, owner, **more: object):
    Session.objects.all().delete()
    url = url_of(article, "change") if article else "/desk/articles/article/add/"
    form = {
        **FORM,
        "window_id": TAB,
        "sequence": 1,
        "version": 1,
        "owner": unsaved_forms.owner_token(owner),
        **more,
    }
    return url, client.post(url, form)


def test_a_form_sent_after_the_session_comes_back_after_the_login(desk, author, article):
    client = desk("correspondent")
    url, response = lost_post(client, article, author, headline="打了一小时的标题")
    assert "/login/" in response["Location"]
    client.force_login(author)
    page = client.get(url).content.decode()
    assert "打了一小时的标题" in page
    assert f'value="{TAB}"' in page
    assert "打了一小时的标题" not in client.get(url + "?without-unsaved").content.decode()
    client.post(
        url, {**FORM, "window_id": TAB, "sequence": 2, "version": 1, "headline": "打了一小时的标题"}
    )
    assert not UnsavedForm.objects.exists()
    article.refresh_from_db()
    assert article.headline == "打了一小时的标题"


def test_a_new_article_sent_after_the_session_too(desk, author):
    client = desk("correspondent")
    url, _response = lost_post(client, None, author, headline="新写的")
    client.force_login(author)
    assert "新写的" in client.get(url).content.decode()


def test_a_form_with_the_token_of_an_earlier_login_comes_back_too(author, article):
    """The user logged in again in another window; a browser without scripts sends the old token."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(author)
    url, form = (
        url_of(article, "change"),
        {**FORM, "window_id": TAB, "version": 1, "headline": "旧令牌"},
    )
    response = client.post(url, {**form, "owner": unsaved_forms.owner_token(author)})
    assert response.status_code == 302
    assert "旧令牌" in client.get(response["Location"]).content.decode()
    assert client.post(url, form).status_code == 403


def test_nobody_else_gets_the_text(desk, staff, author, article):
    client = desk("correspondent")
    url, _response = lost_post(client, article, author, headline="甲的文字")
    for role in ("chief", "administrator"):
        client.force_login(staff[role])
        assert "甲的文字" not in client.get(url).content.decode()


def test_a_made_up_owner_parks_nothing(client, article, author):
    client.post(url_of(article, "change"), {**FORM, "window_id": TAB, "owner": f"{author.pk}:x:y"})
    client.post(url_of(article, "change"), {**FORM, "window_id": TAB})
    assert not UnsavedForm.objects.exists()


def test_a_parked_text_goes_after_a_day(desk, author, article, now):
    client = desk("correspondent")
    url, _response = lost_post(client, article, author, headline="昨天的")
    UnsavedForm.objects.update(at=now - dt.timedelta(hours=25))
    client.force_login(author)
    assert "昨天的" not in client.get(url).content.decode()


def test_a_page_of_another_login_saves_nothing_under_this_one(desk, staff, author, article, now):
    """Another user logged in on the same machine while the page was open."""
    own = factories.make_draft(staff["reporter"], now)
    client, token = desk("reporter"), unsaved_forms.owner_token(author)
    assert send(client, own, 1, owner=token, headline="甲的").status_code == 409
    response = client.post(
        url_of(own, "change"),
        {**FORM, "window_id": TAB, "owner": token, "version": 1, "headline": "甲的"},
    )
    assert response.status_code == 409
    own.refresh_from_db()
    assert own.headline == FORM["headline"]
    assert UnsavedForm.objects.get().owner == author
