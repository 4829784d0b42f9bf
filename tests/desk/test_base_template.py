"""The base template of the desk: badges, current item of the navigation, error pages."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import services
from articles.models import Article
from issues import services as issues
from issues.models import Issue
from notifications.models import Notification, NotificationEvent
from paper import humanize
from paper.models import Section
from tests.helpers import factories

ROLES = ["correspondent", "reporter", "editor", "head", "chief", "administrator"]
ARTICLES = "/desk/articles/article/"


def plan(user, date: dt.date, *names: str) -> Issue:
    return issues.plan_issue(date=date, user=user, pages=list(enumerate(names, start=1)))


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


@pytest.mark.parametrize("role", ROLES)
def test_all_counts_of_a_page_are_one_query(desk, staff, now, role):
    """For every user, the counts in the navigation are one query."""
    for state in ("draft", "first_review", "approved"):
        factories.make_in(state, staff["correspondent"], now)
    client = desk(role)
    for url in ("/desk/notifications/", "/desk/counts/", "/desk/password_change/"):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        counting = [q["sql"] for q in queries if "COUNT(*) FROM (SELECT" in q["sql"]]
        assert len(counting) == 1, (url, len(counting))
        if url == "/desk/counts/":
            # The session, the user, the roles, the sections, the usual section.
            assert len(queries) <= 6, [q["sql"] for q in queries]


def test_the_counts_say_what_waits_for_whom(desk, staff, now):
    mine = factories.make_in("draft", staff["correspondent"], now)
    factories.make_in("first_review", staff["correspondent"], now)
    factories.make_in("first_review", staff["correspondent"], now, section="literature")
    loose = factories.make_in("approved", staff["reporter"], now)
    Notification.objects.create(
        user=staff["editor"], event=NotificationEvent.RECEIVED, key="1", at=now
    )

    def counts(role):
        return desk(role).get("/desk/counts/").json()

    assert counts("correspondent") == {"mine": 1, "notifications": 0}
    assert counts("editor") == {"mine": 0, "waiting": 1, "notifications": 1}
    assert counts("chief") == {"mine": 0, "waiting": 2, "unplaced": 1, "notifications": 0}
    assert counts("administrator") == {"notifications": 0}
    issue = plan(staff["chief"], dt.date(2099, 1, 1), "要闻")
    issues.place(loose, issue.pages.get(), user=staff["chief"], at=now)
    services.take(Article.objects.filter(state="first_review")[0], user=staff["head"], at=now)
    assert counts("chief") == {"mine": 0, "waiting": 1, "unplaced": 0, "notifications": 0}
    services.submit(mine, user=staff["correspondent"], at=now)
    assert counts("correspondent")["mine"] == 0
    assert counts("editor")["waiting"] == 2


def test_the_counts_are_for_who_is_logged_in_alone(client, paper):
    response = client.get("/desk/counts/")
    assert (response.status_code, response.headers["Location"][:12]) == (302, "/desk/login/")


@pytest.mark.parametrize("role", ROLES)
def test_the_bar_of_a_phone_holds_four_places_at_most_and_more_holds_all(desk, role):
    page = desk(role).get("/desk/").content.decode()
    bar = page[page.index('<nav class="bar"') :]
    direct, _, sheet = bar.partition("<details")
    assert 1 <= direct.count("<a ") <= 4
    side = page[page.index('<nav class="side"') : page.index('<nav class="bar"')]
    places = re.findall(r'<a href="([^"]+)"', side)
    assert re.findall(r'<a href="([^"]+)"', sheet[: sheet.index("</details>")]) == places
    assert set(re.findall(r'<a href="([^"]+)"', direct)) <= set(places)


def test_correspondents_see_the_progress_of_their_stories(desk, staff, now):
    """Received, taken by whom, returned and why, published in which issue and page."""
    news = Section.objects.get(slug="news")
    read = factories.make_in("first_review", staff["correspondent"], now, headline="在审的稿")
    services.take(read, user=staff["editor"], at=now)
    back = factories.make_in("first_review", staff["correspondent"], now, headline="退回的稿")
    services.take(back, user=staff["editor"], at=now)
    services.return_article(back, user=staff["editor"], at=now, reason="请补充时间地点")
    out = factories.make_in("approved", staff["correspondent"], now, headline="见报的稿")
    day = now.date() + dt.timedelta(days=1)
    issue = plan(staff["chief"], day, news.name)
    issues.place(out, issue.pages.get(), user=staff["chief"], at=now)
    page = desk("correspondent").get("/desk/").content.decode()
    words = text_of(page)
    assert "editor 正在审读" in words
    assert "editor: 请补充时间地点" in words
    assert f"第{issue.number}期 第1版" in words
    assert len(re.findall(r'class="is-back"\s+aria-current="step"', page)) == 1
    assert len(re.findall(r'class="is-now"\s+aria-current="step"', page)) == 2


def test_a_chief_reads_what_blocks_the_next_issue(desk, staff, now):
    late = factories.make_in("first_review", staff["correspondent"], now, headline="没签完的稿")
    day = now.date() + dt.timedelta(days=1)
    issue = plan(staff["chief"], day, "要闻", "副刊")
    issues.place(late, issue.pages.get(number=1), user=staff["chief"], at=now)
    page = desk("chief").get("/desk/").content.decode()
    blockers = text_of(page[page.index('class="blockers"') :].partition("</ul>")[0])
    assert "《没签完的稿》" in blockers
    assert "第2版" in blockers
    assert 'class="blockers"' not in desk("editor").get("/desk/").content.decode()


def test_what_waits_is_ordered_by_cutoff_then_age_with_its_light(desk, staff, now):
    old = now - dt.timedelta(hours=30)
    factories.make_in("first_review", staff["correspondent"], now, headline="刚来的稿")
    factories.make_in("first_review", staff["correspondent"], old, headline="等久的稿")
    placed = factories.make_in("first_review", staff["correspondent"], now, headline="要上版的稿")
    day = now.date() + dt.timedelta(days=3)
    issue = plan(staff["chief"], day, "要闻")
    issues.place(placed, issue.pages.get(), user=staff["chief"], at=now)
    page = desk("editor").get("/desk/").content.decode()
    order = [page.index(title) for title in ("要上版的稿", "等久的稿", "刚来的稿")]
    assert order == sorted(order)
    assert page.count("age-late") == 1


def test_an_administrator_reads_what_the_house_lacks(desk):
    page = text_of(desk("administrator").get("/desk/").content.decode())
    assert "这些栏目还没有编辑：副刊。" in page
    assert "还没有填刊号" in page


def test_what_is_not_there_or_not_allowed_wears_the_dress_of_its_surface(desk, staff, now):
    client = desk("editor")
    page = client.get("/desk/nowhere/")
    assert (page.status_code, 'class="side"' in page.content.decode()) == (404, True)
    refused = client.get("/desk/auth/user/")
    assert (refused.status_code, 'class="side"' in refused.content.decode()) == (403, True)
    public = client.get("/nowhere/").content.decode()
    assert 'class="side"' not in public


def test_a_form_without_its_token_says_what_to_do(staff):
    client = Client(enforce_csrf_checks=True)
    client.force_login(staff["editor"])
    response = client.post("/desk/paste/", {"text": "x"})
    assert response.status_code == 403
    assert "您刚才写的还在" in response.content.decode()


def test_our_own_fault_is_said_without_a_query(staff, monkeypatch, django_assert_num_queries):
    from django.test import RequestFactory

    from newsroom import error_views

    with django_assert_num_queries(0):
        response = error_views.server_error(RequestFactory().get("/desk/"))
    assert response.status_code == 500
    assert "desk/desk.css" in response.content.decode()


def test_the_stock_forms_have_a_label_for_each_field_and_no_small_windows(desk, staff):
    client = desk("administrator")
    section = Section.objects.get(slug="news")
    urls = [
        "/desk/paper/section/add/",
        f"/desk/paper/section/{section.pk}/change/",
        "/desk/paper/paper/1/change/",
        "/desk/bylines/contributor/add/",
        f"/desk/auth/user/{staff['editor'].pk}/change/",
    ]
    for url in urls:
        page = client.get(url).content.decode()
        form = page[page.index('class="stock"') :]
        labels = set(re.findall(r'for="([^"]+)"', form))
        fields = re.findall(
            r'<(?:input|select|textarea)(?![^>]*type="hidden")[^>]*id="([^"]+)"', form
        )
        assert fields, url
        assert set(fields) <= labels, (url, set(fields) - labels)
        assert "related-widget-wrapper" not in form
    assert 'type="time"' in client.get("/desk/paper/paper/1/change/").content.decode()


def test_a_list_names_its_columns_in_each_cell_for_the_phone(desk):
    page = desk("administrator").get("/desk/paper/section/").content.decode()
    assert page.count('data-label="顺序"') == 2
    assert 'alt="是"' in page
    assert 'alt="True"' not in page


@pytest.mark.parametrize(
    ("before", "words"),
    [
        ({"seconds": 20}, "刚刚"),
        ({"minutes": 5}, "5 分钟前"),
        ({"hours": 3}, "3 小时前"),
        ({"hours": 20}, "昨天 16:00"),
        ({"days": 20}, "10-29 12:00"),
        ({"days": 700}, "2020-12-18"),
    ],
)
def test_moments_in_words(before, words):
    now = dt.datetime(2022, 11, 18, 12, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    assert humanize.ago(now - dt.timedelta(**before), now) == words


def test_time_left_in_words():
    now = dt.datetime(2022, 11, 18, 12, 0, tzinfo=dt.UTC)
    assert humanize.left(now + dt.timedelta(hours=2, minutes=10), now) == "还有 2 小时 10 分钟"
    assert humanize.left(now + dt.timedelta(days=3), now) == "还有 3 天"
    assert humanize.left(now - dt.timedelta(minutes=20), now) == "已过 20 分钟"
