"""Rule: the text is saved automatically while it is typed, and is never lost."""

from __future__ import annotations

import pytest

from articles import services
from articles.models import Article, Comment, Revision
from bylines.models import Contributor
from tests.helpers import factories
from tests.helpers.autosaves import FORM, OTHER, TAB, heads, send, url_of

LONG = "<p>" + "全镇六座水闸在入冬以前装上了电动机。" * 10 + "</p>"


# Autosave


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
    """If everything is deleted by accident, the autosave does not replace the longer text."""
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
