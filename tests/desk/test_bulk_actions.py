"""Rule: a bulk action makes each transition separately, and reports each failure."""

from __future__ import annotations

import datetime as dt

import pytest

from articles import services
from articles.models import Article, LogEntry, ReasonPhrase
from issues.models import Placement
from issues.services import place, plan_issue
from proofing.models import HouseWord
from tests.helpers import factories


def several(staff, now, many=3, **more) -> list[Article]:
    author = staff["correspondent"]
    return [
        factories.make_in("first_review", author, now, headline=f"第{n}篇稿件", **more)
        for n in range(1, many + 1)
    ]


def rows(articles) -> list[str]:
    return [f"{article.pk}:{article.version}" for article in articles]


def states() -> list[str]:
    return list(Article.objects.order_by("pk").values_list("state", flat=True))


def confirm(client, do, articles, **more):
    data = {"do": do, "row": rows(articles), "confirmed": "1", **more}
    return client.post("/desk/queue/bulk/", data)


def test_it_asks_first_and_names_what_would_be_signed(desk, staff, now):
    articles = several(staff, now)
    response = desk("editor").post("/desk/queue/bulk/", {"do": "approve", "row": rows(articles)})
    page = response.content.decode()
    assert response.status_code == 200
    for article in articles:
        assert article.headline in page
        assert f"/desk/articles/article/{article.pk}/change/" in page
    assert states() == ["first_review"] * 3


def test_nothing_is_approved_without_the_confirmation_that_it_was_read(desk, staff, now):
    response = confirm(desk("editor"), "approve", several(staff, now), note="已阅")
    assert response.status_code == 400
    assert "已阅" in response.content.decode()
    assert states() == ["first_review"] * 3


def test_a_bulk_approval_reports_each_failure(desk, staff, now):
    good, stale, held, bad = articles = several(staff, now, 4)
    services.take(held, user=staff["head"], at=now)
    held.refresh_from_db()
    HouseWord.objects.create(word="水闸", is_blocking=True)
    services.take(bad, user=staff["editor"], at=now)
    bad.refresh_from_db()
    Article.objects.exclude(pk=bad.pk).update(body="<p>放心的字。</p>")
    for article in (good, stale, held):
        revision = article.revisions.get()
        revision.content["body"] = "<p>放心的字。</p>"
        revision.save()
    ticked = rows(articles)
    services.take(stale, user=staff["editor"], at=now)
    data = {"do": "approve", "row": ticked, "confirmed": "1", "has_read": "on", "note": "好"}
    response = desk("editor").post("/desk/queue/bulk/", data)
    page = response.content.decode()
    assert states() == ["second_review", *["first_review"] * 3]
    assert good.reviews.get().note == "好"
    assert "3 篇未办" in page
    for article, words in ((stale, "接稿"), (held, "head"), (bad, "水闸")):
        assert f"/desk/articles/article/{article.pk}/change/" in page
        assert words in page


def test_a_return_of_several_for_one_reason(desk, staff, now):
    articles = several(staff, now)
    phrase = ReasonPhrase.objects.filter(transition="return").first()
    assert confirm(desk("editor"), "return", articles).status_code == 400
    response = confirm(desk("editor"), "return", articles, phrases=phrase.pk)
    assert response.status_code == 200
    assert states() == ["draft"] * 3
    assert {article.log.last().note for article in articles} == {phrase.text}


def test_a_placing_of_several_can_be_undone(desk, staff, now):
    articles = several(staff, now)
    issue = plan_issue(date=now.date() + dt.timedelta(days=2), user=staff["chief"])
    page = issue.pages.get(number=2)
    asked = desk("editor").post("/desk/queue/bulk/", {"do": "place", "row": rows(articles)})
    assert f'<option value="{page.pk}">2 镇街</option>' in asked.content.decode()
    stale = articles[0]
    ticked = rows(articles)
    services.take(stale, user=staff["editor"], at=now)
    data = {"do": "place", "row": ticked, "confirmed": "1", "page": page.pk}
    done = desk("editor").post("/desk/queue/bulk/", data).content.decode()
    assert list(page.placements.values_list("article", flat=True)) == [a.pk for a in articles[1:]]
    assert done.count("/unplace/") == 2
    placement = page.placements.first()
    url = f"/desk/issues/issue/{issue.pk}/unplace/"
    desk("editor").post(url, {"placement": placement.pk})
    assert not Placement.objects.filter(pk=placement.pk).exists()


@pytest.mark.parametrize("page", ["", "0", "999", "x", "9" * 30])
def test_a_page_that_is_not_open_is_refused(desk, staff, now, page):
    response = confirm(desk("editor"), "place", several(staff, now), page=page)
    assert response.status_code == 400
    assert not Placement.objects.exists()


def test_what_one_does_not_see_is_not_named(desk, staff, now):
    draft = factories.make_in("draft", staff["reporter"], now, headline="别人的秘密")
    client = desk("editor")
    asked = client.post(
        "/desk/queue/bulk/", {"do": "approve", "row": rows([draft])}
    ).content.decode()
    done = confirm(client, "approve", [draft], has_read="on").content.decode()
    for page in (asked, done):
        assert "别人的秘密" not in page
        assert "没有这篇稿件" in page


@pytest.mark.parametrize(
    "row", ["", ":", "x", "1:x", "0:0", "-1:1", "9" * 40 + ":1", "1:" + "9" * 40, "１:１", "\x00"]
)
def test_a_tick_that_is_none_fails_in_words(desk, staff, now, row):
    article = several(staff, now, 1)[0]
    data = {"do": "approve", "row": [row, *rows([article])], "confirmed": "1", "has_read": "on"}
    response = desk("editor").post("/desk/queue/bulk/", data)
    assert response.status_code == 200
    assert states() == ["second_review" if row[:2] != "1:" else states()[0]]


@pytest.mark.parametrize("ticked", [[], [f"{n}:1" for n in range(1, 102)]])
def test_none_or_too_many_ticked(desk, staff, ticked):
    response = desk("editor").post(
        "/desk/queue/bulk/", {"do": "approve", "row": ticked}, follow=True
    )
    assert "请先勾选" in response.content.decode()


def test_twice_sent_is_done_once(desk, staff, now):
    articles = several(staff, now)
    client = desk("editor")
    confirm(client, "approve", articles, has_read="on")
    again = confirm(client, "approve", articles, has_read="on").content.decode()
    assert states() == ["second_review"] * 3
    assert LogEntry.objects.filter(transition="approve").count() == 3
    assert "未办" not in again, "what it wanted has happened"


def test_only_who_plans_places(desk, staff, now):
    response = desk("reporter").post("/desk/queue/bulk/", {"do": "place", "row": "1:1"})
    assert response.status_code == 403


@pytest.mark.parametrize(
    ("role", "has_bar"), [("editor", True), ("head", True), ("reporter", False)]
)
def test_the_bar_stands_in_the_list_of_articles_too(desk, staff, now, role, has_bar):
    article = factories.make_in("first_review", staff[role], now)
    url = "/desk/articles/article/?list=own"
    page = desk(role).get(url).content.decode()
    assert (
        f'value="{article.pk}:{article.version}"' in page if has_bar else 'name="row"' not in page
    )
    assert ('id="bulk"' in page) is has_bar
    assert ('name="back" value="/desk/articles/article/?list=own"' in page) is has_bar


def test_an_article_that_is_already_placed_is_reported_and_can_return(desk, staff, now):
    (article,) = several(staff, now)[:1]
    issue = plan_issue(date=now.date() + dt.timedelta(days=2), user=staff["chief"])
    one, two = issue.pages.all()[:2]
    place(article, one, user=staff["chief"], at=now)
    editor = desk("editor")
    asked = editor.post("/desk/queue/bulk/", {"do": "place", "row": rows([article])})
    assert "第1版，会改到新的版面" in asked.content.decode()
    data = {"do": "place", "row": rows([article]), "confirmed": "1", "page": two.pk}
    done = editor.post("/desk/queue/bulk/", data).content.decode()
    assert "/unplace/" not in done
    undo = {"article": article.pk, "page": one.pk, "position": 1}
    assert all(f'name="{name}" value="{value}"' in done for name, value in undo.items())
    editor.post(f"/desk/issues/issue/{issue.pk}/place/", undo)
    assert article.placements.get().page == one
