"""Rule: authors follow their articles from the draft to print."""

from __future__ import annotations

import re

from articles import services
from articles.models import Article
from articles.selectors.progress import progress_of
from tests.helpers import factories
from tests.helpers.article_forms import change


def test_authors_follow_their_stories(desk, staff, now):
    author = staff["correspondent"]
    article = factories.make_draft(author, now)
    client = desk("correspondent")

    def seen() -> str:
        return re.sub(r"\s+", " ", client.get(change(article)).content.decode())

    services.submit(article, user=author, at=now)
    assert "等审稿人" in seen() or "收到" in seen()
    services.take(article, user=staff["editor"], at=now)
    assert "editor" in seen()
    services.return_article(article, user=staff["editor"], at=now, reason="缺时间地点")
    page = seen()
    assert page.index("缺时间地点") < page.index("id_headline")
    article.refresh_from_db()
    services.submit(article, user=author, at=now)
    factories.pass_all(article, staff, now)
    article.refresh_from_db()
    (progress,) = progress_of([article], now)
    assert [step.status for step in progress.steps] == ["done", "done", "done", "done", "now"]
    assert [step.who for step in progress.steps] == ["", "editor", "head", "chief", ""]


def test_why_it_was_withdrawn_is_said(desk, staff, now):
    article = factories.make_in("withdrawn", staff["correspondent"], now)
    (progress,) = progress_of([article], now)
    assert progress.why == "待核实"
    assert "待核实" in desk("correspondent").get(change(article)).content.decode()


def test_the_way_of_many_costs_no_more_queries(staff, now, django_assert_num_queries):
    for number in range(6):
        factories.make_in("first_review", staff["correspondent"], now, headline=f"第{number}篇")
    rows = list(Article.objects.for_lists())
    with django_assert_num_queries(4):
        progress_of(rows, now)
