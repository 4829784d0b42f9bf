"""Screens of the desk: access, strict policy, Chinese text, few queries."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import services
from articles.content import PhotoRow
from articles.models import Genre
from articles.selectors.body_html import desk_address
from bylines.models import Contributor
from photos.services import add_photo
from tests.helpers import factories

SCREENS = [
    "/desk/",
    "/desk/articles/article/",
    "/desk/articles/article/add/",
    "/desk/paste/",
    "/desk/issues/issue/",
    "/desk/issues/issue/add/",
    "/desk/bylines/contributor/",
    "/desk/paper/section/",
    "/desk/paper/section/add/",
    "/desk/paper/town/",
    "/desk/paper/paper/",
    "/desk/paper/oldaddress/",
    "/desk/paper/oldaddress/add/",
    "/desk/proofing/houseword/",
    "/desk/auth/user/",
    "/desk/auth/user/add/",
    "/desk/password_change/",
]
ROLES = ["correspondent", "reporter", "editor", "head", "chief", "administrator"]
INLINE = re.compile(r"<script(?![^>]*\b(?:src|nonce)=)[^>]*>\s*\S|<style|\sstyle=|\son[a-z]+=")


def screens_of(client: Client) -> dict[str, int]:
    return {url: client.get(url, follow=True).status_code for url in SCREENS}


def test_nobody_gets_in_without_login_or_role(client, paper):
    for url in SCREENS:
        response = client.get(url)
        assert (response.status_code, response.headers["Location"][:12]) == (302, "/desk/login/")
    client.force_login(factories.make_user("norole"))
    assert client.get("/desk/").status_code == 302
    response = client.post("/desk/login/", {"username": "norole", "password": "for-tests-only"})
    assert "还没有角色" in response.content.decode()


def test_each_role_sees_its_screens(desk):
    seen = {role: {u for u, s in screens_of(desk(role)).items() if s == 200} for role in ROLES}
    own = {"/desk/", "/desk/articles/article/", "/desk/password_change/"}
    write = {"/desk/articles/article/add/"}
    settings = {
        url for url in SCREENS if "/paper/" in url or "/proofing/" in url or "/auth/" in url
    }
    assert seen["correspondent"] == own | write
    assert seen["administrator"] >= own | settings
    assert "/desk/articles/article/add/" not in seen["administrator"]
    for role in ("reporter", "editor", "head", "chief"):
        assert seen[role] >= own | write | {"/desk/paste/", "/desk/bylines/contributor/"}
        assert not seen[role] & {"/desk/auth/user/", "/desk/auth/user/add/", "/desk/paper/paper/"}
    assert "/desk/issues/issue/add/" in seen["head"]
    assert "/desk/issues/issue/add/" not in seen["editor"]


@pytest.mark.parametrize("role", ROLES)
def test_no_inline_code_no_stock_words_and_a_policy_on_every_page(desk, role, now, staff):
    article = factories.make_in("first_review", staff[role], now)
    client = desk(role)
    urls = [*SCREENS, f"/desk/articles/article/{article.pk}/change/", "/", "/nowhere/"]
    for url in urls:
        response = client.get(url, follow=True)
        page = response.content.decode()
        policy = response.headers["Content-Security-Policy"]
        assert "unsafe" not in policy, url
        assert "default-src 'none'" in policy, url
        assert not INLINE.search(page), (url, INLINE.search(page))
        assert "Django" not in page, url


def test_the_search_box_of_a_list_sends_its_words(desk, staff):
    for url in ("/desk/bylines/contributor/", "/desk/press/edition/", "/desk/taggit/tag/"):
        page = desk("chief").get(url, {"q": "水闸"}).content.decode()
        form = page[page.index('<form class="list-search"') :].partition("</form>")[0]
        assert re.findall(r'name="q"\s+value="([^"]*)"', form) == ["水闸"], url


def test_a_correspondent_sees_only_their_own_work(desk, staff, now):
    mine = factories.make_in("second_review", staff["correspondent"], now, headline="我的稿件")
    factories.make_in("second_review", staff["reporter"], now, headline="别人的稿件")
    client = desk("correspondent")
    for url in ("/desk/", "/desk/articles/article/", "/desk/articles/article/?q=稿件"):
        page = client.get(url).content.decode()
        assert "我的稿件" in page
        assert "别人的稿件" not in page
    assert client.get(f"/desk/articles/article/{mine.pk}/change/").status_code == 200


def test_the_buttons_are_the_transitions_that_would_succeed(desk, staff, now):
    article = factories.make_in("second_review", staff["correspondent"], now)
    url = f"/desk/articles/article/{article.pk}/change/"
    assert f"{article.pk}/take/" in desk("head").get(url).content.decode()
    for role in ("editor", "correspondent", "administrator"):
        page = desk(role).get(url).content.decode()
        assert f"{article.pk}/take/" not in page
        assert f"{article.pk}/approve/" not in page


def test_a_transition_by_get_asks_and_changes_nothing(desk, staff, now):
    article = factories.make_in("first_review", staff["correspondent"], now)
    client = desk("editor")
    for move in ("take", "approve", "return", "spike"):
        client.get(f"/desk/articles/article/{article.pk}/{move}/")
    article.refresh_from_db()
    assert (article.state, article.version, article.taken_by) == ("first_review", 1, None)


def test_a_refused_transition_says_why_in_chinese_with_its_status(desk, staff, now):
    article = factories.make_in("first_review", staff["correspondent"], now)
    services.take(article, user=staff["editor"], at=now)
    response = desk("head").post(f"/desk/articles/article/{article.pk}/take/", {"version": 2})
    assert response.status_code == 409
    assert "editor" in response.content.decode()


@pytest.mark.parametrize("role", ["editor", "chief", "correspondent"])
def test_start_and_list_take_the_same_queries_for_3_and_30(desk, staff, now, role):
    client = desk(role)
    counts = []
    for many in (3, 27):
        for _n in range(many):
            factories.make_in("first_review", staff["correspondent"], now)
        row = []
        for url in ("/desk/", "/desk/articles/article/"):
            with CaptureQueriesContext(connection) as queries:
                client.get(url)
            row.append(len(queries))
        counts.append(row)
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 22


def test_english_is_complete_too(desk):
    client = desk("chief")
    client.get("/language/en/", {"next": "/desk/"})
    # Text that the paper has entered stays unchanged.
    own = "|".join(Genre.objects.values_list("name", flat=True))
    for url in ("/desk/", "/desk/articles/article/", "/desk/issues/issue/add/", "/desk/paste/"):
        page = client.get(url).content.decode()
        text = re.sub(r"<[^>]+>|试验日报|要闻|镇街|民生|副刊|白沙镇|石桥镇|中文|" + own, "", page)
        assert not re.search("[\u4e00-\u9fff]", text), (url, re.findall("[\u4e00-\u9fff]+", text))


def test_an_open_redirect_is_not_followed(client, db):
    response = client.get("/language/en/", {"next": "https://elsewhere.example/"})
    assert "elsewhere" not in response.headers["Location"]


def test_only_an_administrator_gives_a_contributor_a_login(desk, staff, now):
    """A login's contributor decides whose drafts it sees: an editor must not take them over."""
    draft = factories.make_in("draft", staff["correspondent"], now, writer="罗小满")
    person = draft.bylines.get().contributor
    url = f"/desk/bylines/contributor/{person.pk}/change/"
    form = {
        "name": "罗小满",
        "kind": "correspondent",
        "is_active": "on",
        "user": staff["editor"].pk,
    }
    for role in ("editor", "administrator"):
        assert desk(role).post(url, form).status_code == 302
        person.refresh_from_db()
        assert person.user is None
    assert desk("editor").get(f"/desk/articles/article/{draft.pk}/change/").status_code == 404


def test_a_conflict_copy_changes_no_photo(desk, staff, now):
    writer = Contributor.objects.create(name="丁戊己")
    for state, version in (("approved", 1), ("draft", 0)):
        photo = add_photo(
            data=factories.picture(),
            caption="",
            user=staff["correspondent"],
            at=now,
            credits=[(writer, "摄影", "")],
        )
        rows = (PhotoRow(photo.pk, "", "丁戊己 摄"),)
        article = factories.make_in(state, staff["correspondent"], now, photos=rows)
        data = {
            "headline": "标题",
            "body": "<p>正文</p>",
            "kind": "story",
            "version": version,
            "photos-TOTAL_FORMS": 1,
            "photos-INITIAL_FORMS": 1,
            "photos-0-photo": photo.pk,
            "photos-0-credit": "冒名者",
        }
        url = f"/desk/articles/article/{article.pk}/change/"
        assert desk("correspondent").post(url, data).status_code == 409
        assert [c.contributor.name for c in photo.credits.all()] == ["丁戊己"]


def test_a_photo_of_another_article_cannot_be_named(desk, staff, now):
    photo = add_photo(data=factories.picture(), caption="", user=staff["reporter"], at=now)
    article = factories.make_draft(staff["correspondent"], now)
    data = {
        "headline": "标题",
        "body": "<p>正文</p>",
        "kind": "story",
        "version": 1,
        "photos-TOTAL_FORMS": 1,
        "photos-INITIAL_FORMS": 0,
        "photos-0-photo": photo.pk,
        "photos-0-credit": "冒名者",
    }
    client = desk("correspondent")
    client.post(f"/desk/articles/article/{article.pk}/change/", data)
    assert not article.article_photos.exists()
    assert not photo.credits.exists()
    assert client.get(desk_address(photo) + "/w64.jpg").status_code == 404


def test_a_transition_that_hides_an_article_names_it(desk, staff, now):
    article = factories.make_draft(staff["correspondent"], now)
    page = desk("correspondent").post(
        f"/desk/articles/article/{article.pk}/delete/", {"version": article.version}, follow=True
    )
    assert f"草稿已删除。 《{article.title}》" in page.content.decode()
    assert page.redirect_chain[-1][0] == "/desk/"


def test_a_withdrawal_and_a_correction_say_what_readers_will_see(desk, staff, now):
    article = factories.make_in("published", staff["correspondent"], now)
    chief = desk("chief")
    for move, words in (("withdraw", "读者会在原稿的网页上"), ("correct", "更正列表")):
        page = chief.get(f"/desk/articles/article/{article.pk}/{move}/").content.decode()
        assert words in page, move
