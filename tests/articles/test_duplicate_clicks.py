"""Rule: a second click is told that it is done; a late click is told what happened."""

from __future__ import annotations

import pytest

from articles import services
from articles.exceptions import Invalid
from articles.models import Article, Revision
from articles.views import transitions as transition_views
from tests.helpers import factories
from tests.helpers.autosaves import FORM, TAB, url_of


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
    """After the first click the editor no longer sees the article; the second gets a message."""
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
def test_a_parallel_click_reports_success(desk, staff, now, monkeypatch, name):
    """Both clicks pass every check before either writes: only the UPDATE decides."""
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


def test_a_parallel_click_on_delete_reports_success(desk, author, article, monkeypatch):
    client = desk("correspondent")
    monkeypatch.setattr(transition_views, "get_visible_article", lambda *_args: article)
    for _click in range(2):
        answer = client.post(url_of(article, "delete"), {"version": 1}, follow=True)
        assert "草稿已删除" in answer.content.decode()
    assert not Article.objects.exists()


@pytest.mark.parametrize("name", ["approve", "return", "take", "spike"])
@pytest.mark.parametrize("version", [{}, {"version": ""}, {"version": "x"}, {"version": "-1"}])
def test_a_transition_without_the_version_that_was_seen_is_refused(desk, staff, now, name, version):
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


def test_a_late_transition_is_told_who_did_what_in_between(desk, staff, now):
    article = factories.make_in("second_review", staff["correspondent"], now)
    chief = staff["chief"]
    services.take(article, user=chief, at=now)
    services.save_article(
        article, factories.content("总编改的"), user=chief, at=now, base_version=2
    )
    factories.sign_review(article, user=chief, at=now)
    page = desk("head").post(url_of(article, "approve"), {"version": 1}).content.decode()
    for words in ("待终审", "chief 接稿", "chief 保存了第 2 稿", "chief 通过"):
        assert words in page


def test_a_transition_of_yesterday_is_not_the_second_click(desk, staff, now):
    article = factories.make_in("first_review", staff["correspondent"], now)
    services.take(article, user=staff["editor"], at=now)
    services.leave(article, user=staff["editor"], at=now)
    services.take(article, user=staff["editor"], at=now)
    response = desk("editor").post(url_of(article, "take"), {"version": 1})
    assert response.status_code == 409
