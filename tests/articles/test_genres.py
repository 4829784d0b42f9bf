"""Rule: an article has a genre from the paper's list, which is saved, signed and searchable."""

from __future__ import annotations

import importlib

import pytest
from django.apps import apps

from articles import services
from articles.content import Content, content_of, from_json
from articles.content_merge import parts, resolve
from articles.models import Article, Genre
from articles.services import audit_verify
from tests.helpers import factories

LIST = "/desk/articles/article/"
TAB = "tab-one-0001"
GENRES = "/desk/articles/genre/"
FORM = {
    "headline": "水闸换了电动机",
    "body": "正文",
    "body_format": "light",
    "kind": "story",
    "byline": "通讯员 甲乙丙",
    "version": 0,
    "photos-TOTAL_FORMS": 0,
    "photos-INITIAL_FORMS": 0,
}


@pytest.fixture
def news_item(db) -> Genre:
    return Genre.objects.get(name="消息")


@pytest.mark.parametrize("role", ["correspondent", "editor"])
def test_a_writer_chooses_it_in_the_form_and_sees_it_on_the_page(desk, news_item, role):
    client = desk(role)
    assert "消息" in client.get(f"{LIST}add/").content.decode()
    client.post(f"{LIST}add/", {**FORM, "genre": news_item.pk})
    article = Article.objects.get()
    assert article.genre == news_item
    assert article.revisions.get().content["genre"] == news_item.pk
    assert f'value="{news_item.pk}" selected' in client.get(url_of(article)).content.decode()


def url_of(article: Article) -> str:
    return f"{LIST}{article.pk}/change/"


def test_who_only_reads_sees_it_on_the_page_and_on_the_sign_off_sheet(desk, staff, now, news_item):
    article = factories.make_in("published", staff["reporter"], now, genre=news_item.pk)
    facts = "<dt>体裁</dt><dd>消息</dd>"
    assert facts in desk("correspondent").get(url_of(article)).content.decode()
    assert "消息" in desk("head").get(f"{LIST}{article.pk}/sheet/").content.decode()


def test_an_autosave_carries_it(desk, staff, now, news_item):
    article = factories.make_draft(staff["reporter"], now)
    form = {
        **FORM,
        "genre": news_item.pk,
        "version": article.version,
        "window_id": TAB,
        "sequence": 1,
    }
    answer = desk("reporter").post(f"{LIST}{article.pk}/autosave/", form)
    assert answer.status_code == 200, answer.content
    article.refresh_from_db()
    assert article.genre == news_item


def test_a_merge_takes_the_genre_of_the_only_one_who_chose():
    base, mine = Content(headline="题"), Content(headline="题", genre=3)
    assert resolve(parts(base, mine, base), {}).genre == 3
    assert resolve(parts(base, base, mine), {}).genre == 3


def test_a_comparison_shows_the_change(desk, staff, now, news_item):
    article = factories.make_draft(staff["reporter"], now)
    text = content_of(article)
    changed = from_json({**text.as_json(), "genre": news_item.pk})
    services.save_article(article, changed, user=staff["reporter"], at=now, base_version=1)
    page = desk("reporter").get(f"{LIST}{article.pk}/compare/?old=1&new=2").content.decode()
    assert "体裁" in page
    assert "消息" in page


def test_a_genre_that_was_changed_beside_the_services_shows(staff, now, news_item):
    article = factories.make_draft(staff["reporter"], now, genre=news_item.pk)
    Article.objects.filter(pk=article.pk).update(genre=Genre.objects.get(name="通讯"))
    found = audit_verify.verify(Article.objects.get(pk=article.pk))
    assert found is not None
    assert "体裁" in found.why


def test_the_list_filters_by_genre(desk, staff, now, news_item):
    factories.make_draft(staff["reporter"], now, headline="一条消息", genre=news_item.pk)
    factories.make_draft(staff["reporter"], now, headline="没有体裁")
    page = desk("reporter").get(f"{LIST}?genre=消息").content.decode()
    assert "一条消息" in page
    assert "没有体裁" not in page


@pytest.mark.parametrize(
    ("role", "expected"), [("chief", 302), ("administrator", 302), ("head", 403)]
)
def test_chief_and_administrator_edit_the_list(desk, role, expected):
    client = desk(role)
    answer = client.post(f"{GENRES}add/", {"name": "侧记", "order": 30, "is_active": "on"})
    assert answer.status_code == expected
    assert Genre.objects.filter(name="侧记").exists() is (expected == 302)
    assert (GENRES in client.get("/desk/").content.decode()) is (expected == 302)


def test_a_used_genre_is_taken_out_of_use_not_deleted(desk, staff, now, news_item):
    article = factories.make_draft(staff["reporter"], now, genre=news_item.pk)
    chief = desk("chief")
    assert chief.post(f"{GENRES}{news_item.pk}/delete/", {"post": "yes"}).status_code == 409
    assert chief.post(f"{GENRES}{news_item.pk}/retire/").status_code == 302
    news_item.refresh_from_db()
    assert not news_item.is_active
    assert "消息" not in desk("reporter").get(f"{LIST}add/").content.decode()
    assert "消息" in desk("reporter").get(url_of(article)).content.decode()


def test_a_genre_that_only_an_earlier_revision_names_is_not_deleted(desk, staff, now, news_item):
    article = factories.make_draft(staff["reporter"], now, genre=news_item.pk)
    text = from_json({**content_of(article).as_json(), "genre": None})
    services.save_article(article, text, user=staff["reporter"], at=now, base_version=1)
    assert desk("chief").post(f"{GENRES}{news_item.pk}/delete/", {"post": "yes"}).status_code == 409


def test_a_new_paper_starts_with_the_genres_of_the_trade(db):
    migration = importlib.import_module("articles.migrations.0002_reference_data")
    names = list(Genre.objects.values_list("name", flat=True))
    assert names == migration.GENRES
    assert apps.get_model("articles", "Genre") is Genre
