"""Rule: the most urgent article comes first, and can be taken and put back in its row."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import services
from articles.models import Article, Comment
from articles.workflow.transitions import actor_of
from issues.selectors import review_queue
from issues.services import place, plan_issue
from paper.models import Paper, Town
from tests.helpers import factories

HOUR = dt.timedelta(hours=1)
DAY = 24 * HOUR


def waiting(staff, at, headline, *, since=HOUR, state="first_review", **more) -> Article:
    author = staff["correspondent"]
    return factories.make_in(state, author, at - since, headline=headline, **more)


def issue_on(day: dt.date, cutoff_at: dt.datetime, user: User):
    return plan_issue(date=day, user=user, cutoff_at=cutoff_at, release_at=cutoff_at + DAY)


def titles(page: str) -> list[str]:
    return re.findall(r'class="story-link"[^>]*>\s*([^<]+?)\s*</a>', page)


def test_nearest_cutoff_first_then_the_oldest(desk, staff, now):
    waiting(staff, now, "新来的", since=HOUR)
    waiting(staff, now, "等得久的", since=9 * HOUR)
    later = waiting(staff, now, "后天的版", since=HOUR)
    sooner = waiting(staff, now, "明天的版", since=HOUR / 2)
    chief = staff["chief"]
    for article, days in ((later, 2), (sooner, 1)):
        issue = issue_on(now.date() + dt.timedelta(days=days), now + days * DAY, chief)
        place(article, issue.pages.first(), user=chief, at=now)
    wanted = ["明天的版", "后天的版", "等得久的", "新来的"]
    assert titles(desk("editor").get("/desk/queue/").content.decode()) == wanted
    start = desk("editor").get("/desk/").content.decode()
    assert [title for title in titles(start) if title in wanted] == wanted


@pytest.mark.parametrize(
    ("waited", "left", "light"),
    [
        (dt.timedelta(minutes=119), None, "calm"),
        (2 * HOUR, None, "soon"),
        (dt.timedelta(minutes=359), None, "soon"),
        (6 * HOUR, None, "late"),
        (HOUR, HOUR, "calm"),
        (HOUR, dt.timedelta(minutes=59), "late"),
        (HOUR, -HOUR, "late"),
    ],
)
def test_the_light_follows_age_and_cutoff(now, waited, left, light):
    cutoff = None if left is None else now + left
    assert review_queue.urgency_of(now - waited, cutoff, now) == light


def test_the_light_is_said_in_words_and_the_row_says_what_it_is(desk, staff, now):
    article = waiting(staff, now, "水闸", since=7 * HOUR, writer="罗小满")
    article.towns.set(Town.objects.filter(slug="baisha"))
    Comment.objects.create(
        article=article, revision_number=1, text="查一下", by=staff["head"], at=now
    )
    page = desk("editor").get("/desk/queue/").content.decode()
    for words in (
        "待初审",
        "加急",
        "7 小时前",
        "罗小满",
        "白沙镇",
        "要闻",
        f"{article.chars} 字",
        "1 条批注",
    ):
        assert words in page, words


@pytest.mark.parametrize("url", ["/desk/queue/", "/desk/queue/?list=mine", "/desk/"])
def test_the_same_queries_for_3_and_for_60(desk, staff, now, url):
    client, counts = desk("head"), []
    for many in (3, 57):
        for _n in range(many):
            article = waiting(staff, now, "")
            if "mine" in url:
                services.take(article, user=staff["head"], at=now)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 20
    assert not [q for q in queries if re.search(r'"articles_article"\."body"(?!,)', q["sql"])]


def test_page_by_page(desk, staff, now):
    for n in range(31):
        waiting(staff, now, f"稿{n:02}", since=(40 - n) * HOUR)
    client = desk("editor")
    first = client.get("/desk/queue/").content.decode()
    assert (len(titles(first)), "?page=2" in first) == (30, True)
    assert titles(client.get("/desk/queue/?page=2").content.decode()) == ["稿30"]
    for strange in ("0", "-1", "x", "9" * 30, "１"):
        assert client.get("/desk/queue/", {"page": strange}).status_code == 200


def test_who_has_it_and_which_list(desk, staff, now):
    services.take(waiting(staff, now, "同事的"), user=staff["head"], at=now)
    services.take(waiting(staff, now, "我的"), user=staff["editor"], at=now)
    waiting(staff, now, "没人接的")
    client = desk("editor")
    assert titles(client.get("/desk/queue/").content.decode()) == ["我的", "没人接的"]
    assert titles(client.get("/desk/queue/?list=mine").content.decode()) == ["我的"]
    others = client.get("/desk/queue/?list=others").content.decode()
    assert titles(others) == ["同事的"]
    assert "head" in others
    assert "/take/" not in others


def test_an_editor_sees_their_sections_and_each_reviewer_their_reviews(desk, staff, now):
    waiting(staff, now, "副刊的", section="literature")
    waiting(staff, now, "复审的", state="second_review")
    assert titles(desk("editor").get("/desk/queue/").content.decode()) == []
    assert len(titles(desk("head").get("/desk/queue/").content.decode())) == 2
    only = desk("head").get("/desk/queue/?review=second_review").content.decode()
    assert titles(only) == ["复审的"]


@pytest.mark.parametrize("role", ["correspondent", "reporter", "administrator"])
def test_who_makes_no_reading_has_no_queue(desk, role):
    assert desk(role).get("/desk/queue/").status_code == 403
    assert desk(role).post("/desk/queue/bulk/", {"do": "approve", "row": "1:1"}).status_code == 403


def test_take_and_leave_in_the_row(desk, staff, now):
    article = waiting(staff, now, "水闸")
    client = desk("editor")
    url = f"/desk/queue/{article.pk}/"
    data = {"version": article.version, "back": "/desk/queue/?list=mine"}
    response = client.post(url + "take/", data)
    assert response.headers["Location"] == f"/desk/queue/?list=mine#row-{article.pk}"
    article.refresh_from_db()
    assert article.taken_by == staff["editor"]
    assert desk("head").post(url + "take/", data).status_code == 409, "seen before he took it"
    client.post(url + "leave/", {"version": article.version})
    article.refresh_from_db()
    assert article.taken_by is None
    assert client.post(url + "approve/").status_code == 404, "a pass is asked on its own page"
    assert client.get(url + "take/").status_code == 405


@pytest.mark.parametrize("back", ["//elsewhere.example/", "https://elsewhere.example/", "/", "x"])
def test_the_way_back_stays_at_the_desk(desk, staff, now, back):
    article = waiting(staff, now, "水闸")
    data = {"version": article.version, "back": back}
    response = desk("editor").post(f"/desk/queue/{article.pk}/take/", data)
    assert response.headers["Location"].startswith("/desk/queue/")


def test_who_signed_one_reading_is_not_offered_the_next(desk, staff, now):
    article = waiting(staff, now, "水闸")
    factories.sign_review(article, user=staff["head"], at=now)
    page = desk("head").get("/desk/queue/").content.decode()
    assert "水闸" not in page
    assert "您已签过它的另一审" in desk("head").get("/desk/queue/?list=signed").content.decode()
    assert f"/desk/queue/{article.pk}/take/" not in page
    Paper.objects.update(allow_same_reviewer=True)
    assert f"/desk/queue/{article.pk}/take/" in desk("head").get("/desk/queue/").content.decode()


def test_the_queue_holds_what_may_be_taken(staff, now):
    for state in ("first_review", "second_review", "final_review"):
        waiting(staff, now, state, state=state)
    actor = actor_of(staff["chief"])
    assert {row.state for row in review_queue.review_queue(actor, now)} == {
        "first_review",
        "second_review",
        "final_review",
    }


@pytest.mark.parametrize("role", ["editor", "head", "chief"])
def test_the_filters_of_the_article_list_mean_the_same_as_the_queue(desk, staff, now, role):
    reads = {"editor": 1, "head": 2, "chief": 3}[role]
    for number, state in enumerate(("first_review", "second_review", "final_review")):
        waiting(staff, now, f"{state}等着", state=state)
        if number >= reads:
            continue
        services.take(waiting(staff, now, f"{state}我接的", state=state), user=staff[role], at=now)
        forgotten = waiting(staff, now, f"{state}我放久了", state=state)
        services.take(forgotten, user=staff[role], at=now - HOUR)
    actor = actor_of(staff[role])
    client = desk(role)
    for which, name in (("waiting", "waiting"), ("taken", "mine")):
        found = client.get(f"/desk/articles/article/?list={which}&by=submitted").context["found"]
        here = {row.article.pk for row in found.rows}
        assert here == {row.pk for row in review_queue.review_queue(actor, now, name)} != set(), (
            which
        )


def test_the_chip_and_the_bare_filter_lead_to_the_queue(desk, staff, now):
    """Only the queue defines the order; with further filters the list remains a list."""
    client = desk("editor")
    page = client.get("/desk/articles/article/").content.decode()
    (chip,) = re.findall(r'<a[^>]*href="([^"]*)"[^>]*>\s*待我审读\s*</a>', page)
    assert chip == "/desk/queue/"
    bare = client.get("/desk/articles/article/?list=waiting")
    assert bare.status_code == 302
    assert bare["Location"] == "/desk/queue/"
    more = client.get("/desk/articles/article/?list=waiting&section=news")
    assert more.status_code == 200
    page = client.get("/desk/articles/article/?section=news").content.decode()
    assert 'href="?list=waiting&amp;section=news"' in page
    assert desk("reporter").get("/desk/articles/article/?list=waiting").status_code == 200


def test_the_only_final_reader_is_warned_before_she_signs_an_earlier_reading(desk, staff, now):
    article = waiting(staff, now, "水闸", state="second_review")
    services.take(article, user=staff["chief"], at=now)
    article.refresh_from_db()
    url = f"/desk/articles/article/{article.pk}/change/"
    assert "终审就没有人能签了" in desk("chief").get(url).content.decode()
    bulk = {"do": "approve", "row": f"{article.pk}:{article.version}", "back": "/desk/queue/"}
    page = desk("chief").post("/desk/queue/bulk/", bulk).content.decode()
    assert "终审就没有人能签了" in page
    row = rf'value="{article.pk}:{article.version}"\s+'
    assert re.search(f"{row}>", page), "not ticked for her"
    again = desk("chief").post("/desk/queue/bulk/", {**bulk, "confirmed": "1"}).content.decode()
    assert re.search(f"{row}checked>", again), "she ticked it"
    staff["head"].groups.add(staff["chief"].groups.get())
    assert "终审就没有人能签了" not in desk("chief").get(url).content.decode()


def test_a_transition_in_the_queue_leads_back_to_it(desk, staff, now):
    article = factories.make_in("first_review", staff["correspondent"], now)
    services.take(article, user=staff["editor"], at=now)
    article.refresh_from_db()
    url = f"/desk/articles/article/{article.pk}/approve/"
    editor = desk("editor")
    assert 'name="from" value="queue"' in editor.get(f"{url}?from=queue").content.decode()
    form = {"version": article.version, "from": "queue"}
    page = editor.post(url, form, follow=True)
    assert page.redirect_chain[-1][0] == "/desk/queue/"
    assert f"《{article.title}》" in page.content.decode()


def test_a_second_click_on_take_is_no_refusal(desk, staff, now):
    article = factories.make_in("first_review", staff["correspondent"], now)
    editor, seen = desk("editor"), {"version": article.version}
    for _click in range(2):
        page = editor.post(f"/desk/queue/{article.pk}/take/", seen, follow=True)
        assert f"已接稿：{article.title}" in page.content.decode()
    assert article.log.filter(transition="take").count() == 1
