"""Rule: a stale save is refused, stored as a conflict copy, and merged on a screen."""

from __future__ import annotations

import pytest

from articles import services
from articles.exceptions import StaleSave
from articles.models import Article, Revision
from tests.helpers import factories
from tests.helpers.autosaves import FORM, OTHER, TAB, heads, send, url_of


def test_a_stale_window_gets_a_message_and_its_text_is_stored_once(desk, article):
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
    """The response to a save was lost, or a manual save overtakes an autosave."""
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


def test_a_transition_in_between_makes_the_text_a_conflict_copy(desk, article, author, now):
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
