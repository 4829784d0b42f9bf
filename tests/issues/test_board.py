"""Rule: the board shows how full each page is, and concurrent moves do not overwrite each other."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Article
from issues import services
from issues.models import Issue, Placement
from issues.services import PagePlan
from proofing.models import HouseWord
from tests.helpers import factories

JSON = {"HTTP_ACCEPT": "application/json"}
PAGES = [PagePlan(1, "要闻", 40, 1, ("今日导读",)), PagePlan(2, "镇街", 100)]


@pytest.fixture
def issue(staff, now) -> Issue:
    return _plan(now.date() + dt.timedelta(days=3), staff)


def _plan(day: dt.date, staff) -> Issue:
    return services.plan_issue(date=day, user=staff["chief"], pages=PAGES)


def approved(staff, now, headline: str, chars: int = 20, **more) -> Article:
    body = f"<p>{'稿' * chars}</p>"
    return factories.make_in(
        "approved", staff["correspondent"], now, headline=headline, body=body, **more
    )


def put(issue: Issue, page: int, article: Article, staff, now) -> Placement:
    return services.place(article, issue.pages.get(number=page), user=staff["chief"], at=now)


def url(issue: Issue, action: str = "") -> str:
    return f"/desk/issues/issue/{issue.pk}/" + (f"{action}/" if action else "")


def on_page(issue: Issue, number: int) -> list[str]:
    rows = Placement.objects.filter(page__issue=issue, page__number=number)
    return list(rows.order_by("position").values_list("article__headline", flat=True))


def test_a_page_is_short_fits_or_is_over(desk, issue, staff, now):
    put(issue, 1, approved(staff, now, "甲", 36), staff, now)
    put(issue, 2, approved(staff, now, "乙", 50), staff, now)
    page = desk("chief").get(url(issue)).content.decode()
    assert "36 / 40 字" in page
    assert page.index("room-fits") < page.index("room-short")
    assert "栏目“今日导读”还空着" in page
    put(issue, 1, approved(staff, now, "丙", 20), staff, now)
    page = desk("chief").get(url(issue)).content.decode()
    assert "room-over" in page
    assert "多了 16 字" in page
    assert [b.reason for b in services.blockers(issue, now)] == [], "it blocks nothing"


def test_an_article_fills_a_standing_column_of_its_page(desk, issue, staff, now):
    placement = put(issue, 1, approved(staff, now, "甲"), staff, now)
    head = desk("head")
    sent = {"placement": placement.pk, "column": "天气"}
    assert head.post(url(issue, "column"), sent, **JSON).status_code == 400
    sent["column"] = "今日导读"
    assert head.post(url(issue, "column"), sent, **JSON).json() == {"message": "已保存。"}
    assert "还空着" not in head.get(url(issue)).content.decode()
    put(issue, 2, placement.article, staff, now)
    assert Placement.objects.get().column == "", "the other page has no such column"


def test_a_user_with_an_old_board_gets_a_message(desk, issue, staff, now):
    """A card that another user has moved stays at its new place."""
    article = approved(staff, now, "甲")
    placement = put(issue, 1, article, staff, now)
    one, two = issue.pages.all()
    put(issue, 2, article, staff, now)
    sent = {"article": article.pk, "page": one.pk, "seen": placement.pk}
    answer = desk("head").post(url(issue, "place"), sent, **JSON)
    assert answer.status_code == 409
    assert "有人动过" in answer.json()["message"]
    sent = {"article": article.pk, "page": one.pk, "seen": 0}
    assert desk("head").post(url(issue, "place"), sent, **JSON).status_code == 409
    assert Placement.objects.get().page == two


def test_a_change_by_another_is_seen_by_its_version(desk, issue, staff, now):
    head, mark = desk("head"), url(issue, "version")
    marks = [head.get(mark).json()["mark"]]
    article = approved(staff, now, "甲")
    put(issue, 1, article, staff, now)
    marks.append(head.get(mark).json()["mark"])
    Article.objects.filter(pk=article.pk).update(updated_at=now + dt.timedelta(minutes=1))
    marks.append(head.get(mark).json()["mark"])
    assert len(set(marks)) == 3
    assert desk("correspondent").get(mark).status_code in {403, 404}


def test_two_articles_change_places_in_one_action(desk, issue, staff, now):
    first = put(issue, 1, approved(staff, now, "甲"), staff, now)
    put(issue, 1, approved(staff, now, "乙"), staff, now)
    third = put(issue, 2, approved(staff, now, "丙"), staff, now)
    sent = {"placement": first.pk, "other": third.pk}
    assert desk("editor").post(url(issue, "swap"), sent).status_code == 302
    assert (on_page(issue, 1), on_page(issue, 2)) == (["丙", "乙"], ["甲"])


def test_an_article_is_carried_over_to_the_next_issue(desk, issue, staff, now):
    article = approved(staff, now, "甲")
    placement = put(issue, 2, article, staff, now)
    editor, sent = desk("editor"), {"placement": placement.pk}
    page = editor.post(url(issue, "carry"), sent, follow=True).content.decode()
    assert "后面还没有排期" in page
    later = _plan(issue.date + dt.timedelta(days=2), staff)
    before = Issue.objects.get(pk=issue.pk).version
    editor.post(url(issue, "carry"), sent)
    assert (on_page(issue, 2), on_page(later, 2)) == ([], ["甲"])
    assert Issue.objects.get(pk=issue.pk).version > before, "who looks at this issue sees it go"


def test_a_word_that_came_on_the_list_after_the_signature_blocks(issue, staff, now):
    put(issue, 1, approved(staff, now, "帐本"), staff, now)
    put(issue, 2, approved(staff, now, "乙"), staff, now)
    assert services.blockers(issue, now) == []
    HouseWord.objects.create(word="帐本", better="账本", is_blocking=True)
    (found,) = services.blockers(issue, now)
    assert "帐本" in found.reason
    assert found.article is not None


def test_who_may_not_open_an_article_sees_its_name_alone(desk, issue, staff, now):
    hidden = factories.make_draft(staff["reporter"], now, headline="他人草稿", section="literature")
    Placement.objects.create(
        page=issue.pages.get(number=1), article=hidden, position=1, placed_at=now
    )
    page = desk("editor").get(url(issue)).content.decode()
    assert "<b>他人草稿</b>" in page
    assert f"/article/{hidden.pk}/change/" not in page.split("data-page")[1].split("</ol>")[0]


def test_a_full_board_takes_no_more_queries(desk, issue, staff, now):
    counts = []
    client = desk("head")
    for lot in (2, 8):
        for n in range(lot):
            put(issue, n % 2 + 1, approved(staff, now, f"稿{lot}-{n}"), staff, now)
        with CaptureQueriesContext(
            connection,
        ) as taken:
            client.get(url(issue))
        counts.append(len(taken))
    assert counts[0] == counts[1] <= 20
