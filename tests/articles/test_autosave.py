"""Rule: what is being typed is saved by itself, and nothing that was typed is ever lost."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from articles import services
from articles.exceptions import Invalid, StaleSave
from articles.models import Article, Comment, Presence, Revision, UnsavedForm
from articles.services import unsaved_forms
from articles.views import transitions as transition_views
from bylines.models import Contributor
from tests.helpers import factories
from tests.helpers.autosaves import FORM, OTHER, TAB, send, url_of

LONG = "<p>" + "全镇六座水闸在入冬以前装上了电动机。" * 10 + "</p>"


@pytest.fixture
def author(staff):
    return staff["correspondent"]


@pytest.fixture
def article(author, now) -> Article:
    return factories.make_draft(author, now)


def heads(article: Article) -> list[tuple[int, str, bool]]:
    rows = article.revisions.filter(is_side=False).order_by("number")
    return [(row.number, row.content["headline"], row.is_auto) for row in rows]


# Saving by itself


def test_a_window_renews_its_own_revision(desk, article):
    client, version = desk("correspondent"), 1
    for sequence, headline in enumerate(("水", "水闸", "水闸通电"), start=1):
        answer = send(client, article, sequence, version=version, headline=headline).json()
        version = answer["version"]
    assert heads(article) == [(1, "水闸换了电动机", False), (2, "水闸通电", True)]
    row = article.revisions.get(number=2)
    assert row.sha256 == Article.objects.get(pk=article.pk).revisions.first().sha256
    assert Article.objects.get(pk=article.pk).headline == "水闸通电"


def test_a_save_by_hand_makes_it_permanent(desk, article):
    client = desk("correspondent")
    send(client, article, 1, headline="一")
    client.post(
        url_of(article, "change"),
        {**FORM, "window_id": TAB, "sequence": 2, "version": 2, "headline": "一"},
    )
    send(client, article, 3, headline="二", version=2)
    assert heads(article)[1:] == [(2, "一", False), (3, "二", True)]


def test_another_window_leaves_it_alone(desk, article):
    client = desk("correspondent")
    send(client, article, 1, headline="一")
    send(client, article, 1, headline="二", window_id=OTHER, version=2)
    assert heads(article)[1:] == [(2, "一", True), (3, "二", True)]


def test_what_is_signed_or_noted_stays(author, article, now):
    def auto(text: str, sequence: int) -> None:
        article.refresh_from_db()
        services.save_article(
            article,
            factories.content(text),
            user=author,
            at=now,
            base_version=article.version,
            auto=True,
            window_id=TAB,
            sequence=sequence,
        )

    auto("一", 1)
    Comment.objects.create(article=article, revision_number=2, text="好", by=author, at=now)
    auto("二", 2)
    services.submit(article, user=author, at=now)
    services.recall(article, user=author, at=now)
    auto("三", 3)
    assert [text for _n, text, _auto in heads(article)] == ["水闸换了电动机", "一", "二", "三"]


def test_a_text_that_shrinks_leaves_the_fuller_one_behind(desk, article):
    """Everything marked and deleted by a slip, and two seconds of fright: the text is there."""
    client = desk("correspondent")
    send(client, article, 1, body=LONG)
    send(client, article, 2, body="<p>全</p>", version=2)
    bodies = [row.content["body"] for row in article.revisions.order_by("number")]
    assert bodies == [FORM["body"], LONG, "<p>全</p>"]


def test_an_unfinished_byline_waits(desk, article):
    answer = send(desk("correspondent"), article, 1, headline="新", byline="融媒体 张").json()
    assert answer["waiting"]
    assert not Contributor.objects.filter(name="张").exists()
    send(desk("correspondent"), article, 2, version=2, headline="新的", byline="通讯员 钱小满")
    assert not Contributor.objects.filter(name="钱小满").exists()


def test_unfinished_tags_wait(desk, article):
    assert send(desk("correspondent"), article, 1, headline="新", tag_line="冬").json()["waiting"]
    article.refresh_from_db()
    assert list(article.tags.names()) == []


def test_what_cannot_be_saved_is_said(desk, article):
    response = send(desk("correspondent"), article, 1, kicker="长" * 121)
    assert response.status_code == 400
    assert "引题" in response.json()["problems"][0]


@pytest.mark.parametrize(
    ("field", "value"),
    [("window_id", "<x>"), ("sequence", "9" * 30), ("version", "-1"), ("owner", "x:y:z")],
)
def test_strange_windows_break_nothing(desk, article, field, value):
    form = {**FORM, "window_id": TAB, "sequence": 1, "version": 1, field: value}
    response = desk("correspondent").post(url_of(article), form)
    assert response.status_code in {200, 400, 409}


def test_the_page_says_how_far_the_text_is_saved(desk, article):
    assert (
        'data-saved="保存于 '
        in desk("correspondent").get(url_of(article, "change")).content.decode()
    )


# A new article


def test_the_first_autosave_makes_the_article_once(desk, author):
    client = desk("correspondent")
    first, again = send(client, None, 1).json(), send(client, None, 1).json()
    assert first["article"] == again["article"]
    later = send(client, None, 2, version=0, headline="后来的").json()
    assert later["article"] == first["article"]
    made = Article.objects.get()
    assert made.headline == "后来的"
    assert first["url"] == url_of(made, "change")


def test_the_same_form_sent_twice_makes_one_article(desk):
    client, form = desk("correspondent"), {**FORM, "window_id": TAB, "sequence": 1, "version": 0}
    for _click in range(2):
        response = client.post("/desk/articles/article/add/", form, follow=True)
        assert response.status_code == 200
    assert Article.objects.count() == Revision.objects.count() == 1


def test_the_form_of_a_lost_answer_saves_the_article_that_it_made(desk):
    client = desk("correspondent")
    send(client, None, 1)
    form = {**FORM, "window_id": TAB, "sequence": 2, "version": 0, "headline": "写完了"}
    client.post("/desk/articles/article/add/", form)
    assert Article.objects.get().headline == "写完了"
    assert not Revision.objects.filter(is_side=True).exists()


def test_the_key_of_a_form_opens_nobody_elses_article(desk):
    send(desk("correspondent"), None, 1)
    response = send(desk("reporter"), None, 1, headline="别人的")
    assert response.status_code == 409
    assert Article.objects.get().headline == FORM["headline"]


def test_who_does_not_write_makes_no_article(desk):
    assert send(desk("administrator"), None, 1).status_code == 403
    assert not Article.objects.exists()


# Two windows, two people


def test_a_stale_window_is_told_and_its_text_is_kept_in_one_place(desk, article):
    client = desk("correspondent")
    send(client, article, 1, headline="先存的")
    for sequence, text in enumerate(("后", "后存", "后存的"), start=1):
        response = send(client, article, sequence, window_id=OTHER, headline=text)
        assert response.status_code == 409
        assert "另一个窗口" in response.json()["message"]
        assert response.json()["merge"] == url_of(article, "merge/3")
    assert Article.objects.get().headline == "先存的"
    sides = Revision.objects.filter(is_side=True)
    assert [side.content["headline"] for side in sides] == ["后存的"]


def test_the_same_text_in_two_windows_is_no_conflict(desk, article):
    client = desk("correspondent")
    send(client, article, 1, headline="一样的")
    assert send(client, article, 1, window_id=OTHER, headline="一样的").status_code == 200


def test_a_window_behind_its_own_saves_goes_on(desk, article):
    """The answer to a save was lost, or a save by hand overtakes one by itself."""
    client = desk("correspondent")
    send(client, article, 1, headline="一")
    assert send(client, article, 2, headline="一二").status_code == 200
    form = {**FORM, "window_id": TAB, "sequence": 3, "version": 1, "headline": "一二三"}
    assert client.post(url_of(article, "change"), form).status_code == 302
    assert Article.objects.get().headline == "一二三"


def test_a_send_that_comes_late_changes_nothing(desk, article):
    client = desk("correspondent")
    send(client, article, 2, headline="第二次")
    assert send(client, article, 1, headline="第一次").status_code == 200
    assert Article.objects.get().headline == "第二次"
    assert not Revision.objects.filter(is_side=True).exists()


def test_a_window_does_not_jump_over_somebody_else(desk, article, author, now):
    client = desk("correspondent")
    send(client, article, 1, headline="一")
    article.refresh_from_db()
    services.save_article(
        article, factories.content("别的窗口"), user=author, at=now, base_version=article.version
    )
    assert send(client, article, 2, headline="一二", version=2).status_code == 409


def test_a_move_in_between_keeps_the_text_aside(desk, article, author, now):
    services.submit(article, user=author, at=now)
    response = send(desk("correspondent"), article, 1, headline="还在改")
    assert response.status_code == 409
    assert Revision.objects.get(is_side=True).content["headline"] == "还在改"


def test_others_see_nothing(desk, article):
    assert send(desk("reporter"), article, 1).status_code == 404
    assert desk("reporter").post(url_of(article, "presence"), {"window_id": TAB}).status_code == 404


def test_a_text_decided_against_stays_as_revision(desk, article):
    answer = send(desk("correspondent"), article, 4, headline="本机的", aside=1).json()
    side = article.revisions.get(number=answer["number"])
    assert (side.is_side, side.content["headline"]) == (True, "本机的")
    assert Article.objects.get().headline == FORM["headline"]


def test_how_far_a_window_has_come(desk, article):
    client = desk("correspondent")
    send(client, article, 7, headline="新")
    assert client.get(f"/desk/articles/article/sent/?window_id={TAB}").json()["sequence"] == 7
    assert (
        desk("reporter").get(f"/desk/articles/article/sent/?window_id={TAB}").json()["sequence"]
        is None
    )


# Merging


def test_two_texts_are_put_together_on_a_screen(desk, author, article, now):
    services.save_article(article, factories.content("先存的"), user=author, at=now, base_version=1)
    with pytest.raises(StaleSave):
        services.save_article(
            article,
            factories.content("后存的", body=factories.content().body + "\n<p>又来一段。</p>"),
            user=author,
            at=now,
            base_version=1,
        )
    client, url = desk("correspondent"), url_of(article, "merge/3")
    assert url in client.get(url_of(article, "change")).content.decode()
    page = client.get(url).content.decode()
    assert "又来一段" in page
    assert client.post(url, {"version": 2}).status_code == 400
    assert client.post(url, {"version": 2, "headline": "mine"}).status_code == 302
    article.refresh_from_db()
    assert article.headline == "后存的"
    assert "又来一段" in article.body
    assert heads(article)[-1] == (4, "后存的", False)
    assert "merge/3" not in client.get(url_of(article, "change")).content.decode()


def test_a_merge_over_a_newer_text_is_kept_too(desk, author, article, now):
    services.save_article(article, factories.content("一"), user=author, at=now, base_version=1)
    with pytest.raises(StaleSave):
        services.save_article(article, factories.content("二"), user=author, at=now, base_version=1)
    services.save_article(article, factories.content("三"), user=author, at=now, base_version=2)
    response = desk("correspondent").post(
        url_of(article, "merge/3"), {"version": 2, "headline": "mine"}
    )
    assert response.status_code == 302
    article.refresh_from_db()
    assert article.headline == "三"


def test_nobody_elses_article_is_merged(desk, author, article, now):
    assert desk("reporter").get(url_of(article, "merge/1")).status_code == 404
    assert desk("correspondent").get(url_of(article, "merge/1")).status_code == 404


# Presence


def beat(
    client: Client, article: Article, window_id: str, **more: object
) -> list[dict[str, object]]:
    return client.post(url_of(article, "presence"), {"window_id": window_id, **more}).json()[
        "people"
    ]


def test_who_else_has_it_open(desk, staff, now):
    article = factories.make_in("first_review", staff["correspondent"], now)
    writer, reader = desk("correspondent"), desk("editor")
    assert beat(writer, article, TAB) == []
    assert beat(reader, article, OTHER, editing=1) == [
        {"name": "correspondent", "editing": False, "me": False}
    ]
    assert beat(writer, article, TAB) == [{"name": "editor", "editing": True, "me": False}]
    assert beat(writer, article, "window-three-3")[1] == {
        "name": "correspondent",
        "editing": False,
        "me": True,
    }
    beat(reader, article, OTHER, leaving=1)
    assert [row["name"] for row in beat(writer, article, TAB)] == ["correspondent"]


def test_a_window_that_is_gone_is_not_shown_and_not_kept(desk, staff, now):
    article = factories.make_in("first_review", staff["correspondent"], now)
    beat(desk("editor"), article, OTHER)
    Presence.objects.update(seen_at=now - dt.timedelta(seconds=61))
    assert beat(desk("correspondent"), article, TAB) == []
    assert Presence.objects.count() == 1


def test_a_revision_that_a_window_begins_from_is_not_renewed(desk, article):
    """Else the base of a merge would be gone."""
    client = desk("correspondent")
    send(client, article, 1, headline="一")
    beat(client, article, OTHER, opened=2)
    send(client, article, 2, version=2, headline="一二")
    assert [text for _n, text, _auto in heads(article)][1:] == ["一", "一二"]


def test_a_beat_is_cheap(desk, article, django_assert_max_num_queries):
    client = desk("correspondent")
    beat(client, article, TAB)
    with django_assert_max_num_queries(11):
        beat(client, article, TAB)


# A session that ends


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
    """The user has logged in again in another window; a browser without script sends the old token."""
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
    """Somebody else logged in on the same machine while the page was open."""
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


# Double clicks


@pytest.mark.parametrize("sequence", [0, 1], ids=["without script", "with script"])
@pytest.mark.parametrize("place", ["add", "change"])
def test_a_double_click_submits_once(desk, author, article, now, sequence, place):
    form = {
        **FORM,
        "window_id": TAB,
        "sequence": sequence,
        "byline": "通讯员 甲乙丙",
        "then": "submit",
        "version": 0 if place == "add" else 1,
        "headline": "只此一篇",
    }
    form["section"] = article.section_id
    url = url_of(article, "change") if place == "change" else "/desk/articles/article/add/"
    first, second = (desk("correspondent").post(url, form, follow=True) for _click in range(2))
    assert "已送审" in first.content.decode()
    assert second.status_code == 200
    assert "您已经做过" in second.content.decode()
    made = Article.objects.get(headline="只此一篇")
    assert [entry.transition for entry in made.log.all()] == ["submit"]
    assert not Revision.objects.filter(is_side=True).exists()


def test_a_double_click_returns_once(desk, staff, now):
    """The first click takes the article out of the editor's sight; the second is told all the same."""
    article = factories.make_in("first_review", staff["correspondent"], now)
    url = url_of(article, "return")
    form = {"version": 1, "reason": "导语太长"}
    editor = desk("editor")
    assert editor.post(url, form).status_code == 302
    second = editor.post(url, form, follow=True)
    assert "您已经做过" in second.content.decode()
    assert desk("head").post(url, form).status_code == 404
    assert article.log.count() == 1


@pytest.mark.parametrize("name", ["approve", "return", "take"])
def test_a_parallel_click_is_told_that_it_is_done(desk, staff, now, monkeypatch, name):
    """Both clicks are past every check before either has written: only the UPDATE parts them."""
    article = factories.make_in("first_review", staff["correspondent"], now)
    form = {"version": 1, "reason": "导语太长", "note": ""}
    editor = desk("editor")
    monkeypatch.setattr(
        transition_views, "get_visible_article", lambda *_args: Article.objects.get(pk=article.pk)
    )
    assert editor.post(url_of(article, name), form).status_code == 302
    monkeypatch.setattr(transition_views, "get_visible_article", lambda *_args: article)
    monkeypatch.setattr(transition_views, "is_duplicate_click", lambda *_args: None)
    second = editor.post(url_of(article, name), form, follow=True)
    assert second.status_code == 200
    assert "您已经做过" in second.content.decode()
    assert article.log.count() == 1


def test_a_parallel_click_on_delete_is_told_that_it_is_done(desk, author, article, monkeypatch):
    client = desk("correspondent")
    monkeypatch.setattr(transition_views, "get_visible_article", lambda *_args: article)
    for _click in range(2):
        answer = client.post(url_of(article, "delete"), {"version": 1}, follow=True)
        assert "草稿已删除" in answer.content.decode()
    assert not Article.objects.exists()


@pytest.mark.parametrize("name", ["approve", "return", "take", "spike"])
@pytest.mark.parametrize("version", [{}, {"version": ""}, {"version": "x"}, {"version": "-1"}])
def test_a_move_without_the_version_that_was_seen_is_refused(desk, staff, now, name, version):
    article = factories.make_in("first_review", staff["correspondent"], now)
    form = {"reason": "导语太长", **version}
    answer = desk("editor").post(url_of(article, name), form)
    assert answer.status_code == 400
    assert "重新打开" in answer.content.decode()
    assert not article.log.exists()


def test_the_services_refuse_a_signature_without_a_version(staff, now):
    article = factories.make_in("first_review", staff["correspondent"], now)
    with pytest.raises(Invalid, match="重新打开"):
        services.approve(article, user=staff["editor"], at=now, version=None)


def test_a_move_too_late_is_told_who_did_what_meanwhile(desk, staff, now):
    article = factories.make_in("second_review", staff["correspondent"], now)
    chief = staff["chief"]
    services.take(article, user=chief, at=now)
    services.save_article(
        article, factories.content("总编改的"), user=chief, at=now, base_version=2
    )
    factories.sign_review(article, user=chief, at=now)
    page = desk("head").post(url_of(article, "approve"), {"version": 1}).content.decode()
    for words in ("待终审", "chief 接稿", "chief 存了修改稿 #2", "chief 通过"):
        assert words in page


def test_a_move_of_yesterday_is_not_the_second_click(desk, staff, now):
    article = factories.make_in("first_review", staff["correspondent"], now)
    services.take(article, user=staff["editor"], at=now)
    services.leave(article, user=staff["editor"], at=now)
    services.take(article, user=staff["editor"], at=now)
    response = desk("editor").post(url_of(article, "take"), {"version": 1})
    assert response.status_code == 409
